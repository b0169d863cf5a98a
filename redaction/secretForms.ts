import { foldDigits } from '../providers/reading/values';

/**
 * The forms in which a secret may come back from a server: sources of regular expressions for the flags
 * `iu`, or `u` where the case of a letter counts. Every repetition has a bound, so that no text takes
 * more than linear time.
 */

export const escapeForRegExp = (text: string): string =>
	text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const hexOf = (value: number): string => value.toString(16).padStart(2, '0');

const bytesOf = (text: string): readonly number[] => [...new TextEncoder().encode(text)];

const entities: ReadonlyMap<string, string> = new Map([
	['&', '&amp;'],
	['<', '&lt;'],
	['>', '&gt;'],
	['"', '&quot;'],
	["'", '&apos;'],
]);

const anyScript = (digit: string): string => {
	const value = Number(digit);
	return `[${digit}${String.fromCharCode(0x0660 + value, 0x06f0 + value, 0xff10 + value)}]`;
};

/** One character: as it is, percent-encoded (also twice), and as JSON and HTML escape it. */
function formsOfCharacter(character: string): string {
	const isAlphanumeric = /[A-Za-z0-9]/.test(character);
	const percent = bytesOf(character)
		.map((byte) => `%(?:25){0,2}${hexOf(byte)}`)
		.join('');
	const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
	const inJson = units.map((unit) => `\\\\{1,8}u${hexOf(unit).padStart(4, '0')}`).join('');
	const point = character.codePointAt(0) ?? 0;
	return [
		/\d/.test(character) ? anyScript(character) : escapeForRegExp(character),
		...(isAlphanumeric ? [] : [`\\\\{1,8}${escapeForRegExp(character)}`]),
		...(character === ' ' ? ['\\+'] : []),
		percent,
		inJson,
		`&#(?:0{0,4}${point}|x0{0,4}${point.toString(16)});`,
		entities.get(character) ?? '',
	]
		.filter((form) => form !== '')
		.join('|');
}

/** The secret character by character, each in any of its forms. `between` may stand between two of them. */
export function spelledForm(secret: string, between = ''): string {
	return Array.from(secret, (character) => `(?:${formsOfCharacter(character)})`).join(between);
}

export function hexForm(secret: string): string {
	return bytesOf(secret).map(hexOf).join('');
}

/**
 * Anything but a letter or a digit. Letters of other alphabets count as none: V8 takes half a second to
 * build a pattern in which the classes for all letters stand a dozen times.
 */
export const noLetterOrDigit = '[^0-9A-Za-z\\u0660-\\u0669\\u06f0-\\u06f9\\uff10-\\uff19]';

/** Shorter pieces of base64 would match ordinary words. */
const shortestPiece = 4;

/**
 * How base64 shows the secret, also when it stands inside a longer text: its first character may fall
 * on any of three positions, and those characters that share bits with the neighbours are left out.
 */
function base64Pieces(secret: string): readonly string[] {
	const bytes = String.fromCharCode(...bytesOf(secret));
	return [0, 1, 2]
		.map((shift) => {
			const shown = btoa('\0'.repeat(shift) + bytes).replace(/=+$/, '');
			const isWhole = (shift + bytes.length) % 3 === 0;
			return shown.slice(shift === 0 ? 0 : shift + 1, isWhole ? shown.length : -1);
		})
		.filter((piece) => piece.length >= shortestPiece);
}

/** How base64 and base64url show the secret. Case counts. */
export function base64Forms(secret: string): readonly string[] {
	return base64Pieces(secret).map((piece) =>
		piece.replaceAll('+', '(?:[+-]|%2b)').replaceAll('/', '(?:\\\\{0,8}\\/|_|%2f)'),
	);
}

/** Where one of these stands, a character may stand escaped, encoded or in another script. */
const unusual = /[^\x20-\x7e]|[%\\&<]/;

const lettersAndDigits = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

/** Says no only to a text that holds the secret in none of these forms. */
function mayHold(secret: string): (text: string) => boolean {
	if (unusual.test(secret)) return () => true;
	const pieces = [secret, hexForm(secret), ...base64Pieces(secret)].map(lettersAndDigits);
	return (text) => {
		if (unusual.test(text)) return true;
		const shown = lettersAndDigits(text);
		return pieces.some((piece) => shown.includes(piece));
	};
}

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/**
 * A redactor that is built at the first text that may hold the secret: building its patterns takes longer
 * than a whole request, and hardly any text needs them.
 */
export function builtWhenNeeded(secret: string, build: (secret: string) => Redact): Redact {
	const isNeededFor = mayHold(secret);
	let redact: Redact | null = null;
	return (text) => {
		if (!isNeededFor(text)) return text;
		redact ??= build(secret);
		return redact(text);
	};
}

/** A code without the spaces that make a voice read it character by character, in ASCII digits. */
export function bareCode(code: string): string {
	return foldDigits(code).replace(/\s+/g, '');
}
