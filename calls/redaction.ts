import { mask } from '../providers/secretsInRecords';

/** Secrets that must not come out: tokens, API keys and codes. */
export interface Secrets {
	/** Long random strings; '' is ignored. */
	readonly credentials: readonly string[];
	/** Codes are short: they are also found when a provider spells them with separators. */
	readonly codes: readonly string[];
}

export const noSecrets: Secrets = { credentials: [], codes: [] };

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const base64 = (bytes: string): string => btoa(bytes);

const asBytes = (text: string): string =>
	Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');

/**
 * How base64 shows the text when it stands somewhere inside a longer one: its first character may fall
 * on any of three positions, and those characters that share bits with the neighbours are left out.
 */
function base64Forms(text: string): string[] {
	const bytes = asBytes(text);
	return [0, 1, 2].map((shift) => {
		const padded = base64('\0'.repeat(shift) + bytes).replace(/=+$/, '');
		const first = shift === 0 ? 0 : shift + 1;
		const whole = (shift + bytes.length) % 3 === 0 ? padded.length : padded.length - 1;
		return padded.slice(first, whole);
	});
}

/** Shorter pieces of base64 would match ordinary words. */
const shortestEncoding = 4;

function percentForm(text: string): string {
	return Array.from(asBytes(text), (byte) => {
		const hex = byte.charCodeAt(0).toString(16).padStart(2, '0');
		return `(?:${escape(byte)}|%${hex})`;
	}).join('');
}

function hexForm(text: string): string {
	return Array.from(asBytes(text), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join(
		'',
	);
}

function credentialPatterns(secret: string): string[] {
	const inJson = JSON.stringify(secret).slice(1, -1);
	const encoded = base64Forms(secret).flatMap((form) => [
		form,
		form.replaceAll('+', '-').replaceAll('/', '_'),
	]);
	return [
		escape(secret),
		escape(inJson),
		percentForm(secret),
		hexForm(secret),
		...encoded.filter((form) => form.length >= shortestEncoding).map(escape),
	];
}

const digitForms = (digit: string): string => {
	const value = Number(digit);
	return `[${digit}${String.fromCharCode(0x0660 + value, 0x06f0 + value, 0xff10 + value)}]`;
};

function codePatterns(code: string): string[] {
	const spelled = Array.from(code, (character) =>
		/\d/.test(character) ? digitForms(character) : escape(character),
	).join('[\\s.,;:_-]{0,3}');
	// Encodings of one or two characters would match half of every sentence.
	return code.length < 3 ? [spelled] : [spelled, ...credentialPatterns(code)];
}

/**
 * Makes a function that takes every secret out of a text: as it is, in JSON, percent-encoded, in hex,
 * in base64 (also within a longer base64 text), and codes also when they are spelled digit by digit.
 */
export function redactor(secrets: Secrets): (text: string) => string {
	const patterns = [
		...secrets.credentials.filter((secret) => secret !== '').flatMap(credentialPatterns),
		...secrets.codes.filter((code) => code !== '').flatMap(codePatterns),
	]
		.filter((pattern) => pattern !== '')
		.sort((a, b) => b.length - a.length);
	if (patterns.length === 0) return (text) => text;
	const any = new RegExp(patterns.join('|'), 'giu');
	return (text) => text.replace(any, mask);
}

/** `+98912•••6789`: enough to recognise a number in a log, too little to call it. */
export function maskPhoneNumber(e164: string): string {
	if (e164.length < 9) return mask;
	return `${e164.slice(0, -7)}${mask}${e164.slice(-4)}`;
}
