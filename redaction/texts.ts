import {
	bareCode,
	base64Forms,
	builtWhenNeeded,
	hexForm,
	noLetterOrDigit,
	spelledForm,
} from './secretForms';
import type { Redact } from './secretForms';
import { mask } from './records';

/** Secrets that must not come out: tokens, API keys and codes. */
export interface Secrets {
	/** Long random strings; '' is ignored. */
	readonly credentials: readonly string[];
	/** Codes are short: they are also found when a provider spells them with separators. */
	readonly codes: readonly string[];
}

const replacing = (patterns: readonly string[]): Redact => {
	const any = new RegExp(patterns.join('|'), 'giu');
	return (text) => text.replace(any, mask);
};

/** A token stays the same for thousands of calls, and the pattern of a long one takes a while to build. */
const built = new Map<string, Redact>();
const mostBuilt = 8;

function credentialRedactor(secret: string): Redact {
	const known = built.get(secret);
	if (known !== undefined) return known;
	const redact = replacing([spelledForm(secret), hexForm(secret), ...base64Forms(secret)]);
	for (const oldest of built.keys()) {
		if (built.size < mostBuilt) break;
		built.delete(oldest);
	}
	built.set(secret, redact);
	return redact;
}

/** What a provider may put between the characters of a code. */
const separators = `(?:%20|&nbsp;|<[a-z]{1,4} ?\\/?>|${noLetterOrDigit}){0,3}`;

function codeRedactor(code: string): Redact {
	const spelled = spelledForm(code, separators);
	// Encodings of one or two characters would match half of every sentence.
	return replacing(code.length < 3 ? [spelled] : [spelled, hexForm(code), ...base64Forms(code)]);
}

/**
 * Makes a function that takes every secret out of a text: as it is, escaped as in JSON, HTML or a URL,
 * in hex, in base64 (also within a longer base64 text), and codes also when they are spelled character
 * by character or in other digits.
 */
export function redactor(secrets: Secrets): Redact {
	const spaced = secrets.codes.filter((code) => /\s/.test(code)).map((code) => code.trim());
	const redactors = [
		...[...new Set(secrets.credentials)]
			.filter((secret) => secret !== '')
			.sort((a, b) => b.length - a.length)
			.map(credentialRedactor),
		// The encodings of a code with its spaces differ from those of the bare one.
		...[...spaced, ...secrets.codes.map(bareCode)]
			.filter((code) => code !== '')
			.map((code) => builtWhenNeeded(code, codeRedactor)),
	];
	return (text) => redactors.reduce((redacted, redact) => redact(redacted), text);
}

/** `+98912•••6789`: enough to recognise a number in a log, too little to call it. */
export function maskPhoneNumber(e164: string): string {
	if (e164.length < 9) return mask;
	return `${e164.slice(0, -7)}${mask}${e164.slice(-4)}`;
}

/** A number with separators begins with + or 0; without them, any long run of digits may be one. */
const likePhoneNumber =
	/(?<![\p{L}\p{N}-])(?:[+0]\p{Nd}{0,3}(?:[ ().\-/]{0,2}\p{Nd}){8,14}|\p{Nd}{9,15})(?![\p{L}\p{N}])/gu;

/** Masks whatever looks like a phone number in a text that may end up in a log. */
export function maskPhoneNumbersIn(text: string): string {
	return text.replace(likePhoneNumber, (number) =>
		maskPhoneNumber(number.replace(/[^+\p{Nd}]/gu, '')),
	);
}
