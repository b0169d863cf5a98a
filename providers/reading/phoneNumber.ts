import { parsePhoneNumberFromString } from 'libphonenumber-js/core';
import type { MetadataJson } from 'libphonenumber-js/core';

import { foldDigits } from './values';
import phoneMetadata from './phone-metadata.json';

/** A person's number in the writings that providers use. */
export interface PhoneNumber {
	/** `+989123456789` */
	readonly e164: string;
	/** `09123456789`: the trunk prefix 0 and the national number. */
	readonly national: string;
	readonly country: CalledCountry;
}

/** The numbers that a provider calls. */
export interface CalledCountry {
	/** ISO 3166 alpha-2. */
	readonly code: 'IR' | 'VN';
	readonly callingCode: string;
	readonly name: string;
	/** Of the clocks there, in the time zone database. */
	readonly timeZone: string;
	/** Mobiles and landlines, without trunk prefix: no service, toll-free or premium number is called. */
	readonly people: RegExp;
	/** A number that the country's own authority would not give out, to show the usual writing. */
	readonly example: string;
}

export const iran: CalledCountry = {
	code: 'IR',
	callingCode: '98',
	name: 'Iran',
	timeZone: 'Asia/Tehran',
	people: /^[1-9]\d{9}$/,
	example: '09123456789',
};
export const vietnam: CalledCountry = {
	code: 'VN',
	callingCode: '84',
	name: 'Vietnam',
	timeZone: 'Asia/Ho_Chi_Minh',
	people: /^(?:[35789]\d{8}|2\d{9})$/,
	example: '0332665711',
};

// tools/build/phone-metadata.mjs takes the file out of the library itself; a JSON import only has wider types.
const metadata = phoneMetadata as unknown as MetadataJson;

/** Left-to-right marks and the like come along when a number is copied from a chat or a spreadsheet. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const writing = /^(?:tel:)?\(?\+?\d[\d\p{Zs}().\-/\u2010-\u2015]*$/u;

const bareDigits = /^\+?[0-9]+$/;

function writings(text: string): readonly string[] {
	// Most come as they are stored.
	if (bareDigits.test(text)) return text.startsWith('+') ? [text] : [text, `+${text}`];
	const folded = foldDigits(text.replace(invisible, '')).trim().replace('＋', '+');
	if (!writing.test(folded)) return [];
	const digits = folded.replace(/\D/g, '');
	// Without its plus sign an international number looks like a national one that is too long.
	return folded.includes('+') ? [`+${digits}`] : [digits, `+${digits}`];
}

/** What follows the trunk prefix, when the digits, or a plus sign and digits, are a number of this country. */
function nationalDigits(candidate: string, country: CalledCountry): string | null {
	const { callingCode, code, people } = country;
	for (const prefix of ['0', `+${callingCode}`]) {
		// The two usual writings need no library: it would only say the same, and take longer than all the rest.
		const rest = candidate.startsWith(prefix) ? candidate.slice(prefix.length) : '';
		if (people.test(rest)) return rest;
	}
	const parsed = parsePhoneNumberFromString(
		candidate,
		{ defaultCountry: code, extract: false },
		metadata,
	);
	const isOurs = parsed?.country === code && parsed.isValid() && people.test(parsed.nationalNumber);
	return isOurs ? parsed.nationalNumber : null;
}

/**
 * Reads a phone number in any usual writing: national, international, with `00`, without its leading
 * zero, with separators, in Persian or Arabic digits.
 * @returns the number, or null when it is none that the countries' numbering plans know.
 */
export function readPhoneNumber(
	text: string,
	countries: readonly CalledCountry[],
): PhoneNumber | null {
	for (const candidate of writings(text)) {
		for (const country of countries) {
			const national = nationalDigits(candidate, country);
			if (national !== null) {
				return {
					e164: `+${country.callingCode}${national}`,
					national: `0${national}`,
					country,
				};
			}
		}
	}
	return null;
}

/** True when the text begins with `+` or `00` and the calling code of none of these countries. */
export function isOfAnotherCountry(text: string, countries: readonly CalledCountry[]): boolean {
	const [first = ''] = writings(text);
	const international = /^(?:\+|00)(\d+)$/.exec(first)?.[1];
	if (international === undefined) return false;
	return !countries.some(({ callingCode }) => international.startsWith(callingCode));
}

/**
 * A provider's own writing of a number, as E.164 where it can be read, also when the provider masks
 * its end (`0912*******` is `+98912*******`). What is no number at all comes back as it is.
 */
export function readProviderNumber(text: string | null, country: CalledCountry): string {
	if (text === null) return '';
	const number = readPhoneNumber(text, [country]);
	if (number) return number.e164;
	const masked = /^0(\d{2,}\*+\d*)$/.exec(text);
	return masked?.[1] ? `+${country.callingCode}${masked[1]}` : text;
}
