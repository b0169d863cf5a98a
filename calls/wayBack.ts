import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'crypto';

/**
 * The way back to what waits for a call, sealed into the reference that the provider carries and tells in
 * its event. Nobody who reads a CDR, an output or an event can wake anything with it: the key follows from
 * the account's lasting secret.
 */

/** What is sealed: where a waiting execution is woken, as its host says it. */
export type WayBack = string;

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

/** Marks our references of this kind and this version. */
const mark = 'w1';

/** A signature as n8n writes it: 64 hexadecimal digits, which are half as long as bytes. */
const hexadecimal = /^(.*?)([0-9a-f]{64})$/s;

const keyFrom = (secret: string): Uint8Array =>
	new Uint8Array(hkdfSync('sha256', secret, 'otp-call', 'way back', 32));

function pack(wayBack: WayBack): Buffer {
	const [, before, digits] = hexadecimal.exec(wayBack) ?? [];
	if (before === undefined || digits === undefined) {
		return Buffer.concat([Buffer.from([0]), Buffer.from(wayBack, 'utf8')]);
	}
	return Buffer.concat([Buffer.from([1]), Buffer.from(digits, 'hex'), Buffer.from(before, 'utf8')]);
}

function unpack(bytes: Buffer): WayBack {
	if (bytes[0] === 0) return bytes.subarray(1).toString('utf8');
	return bytes.subarray(33).toString('utf8') + bytes.subarray(1, 33).toString('hex');
}

/**
 * @param wayBack such as `231?signature=0a1b…`; the shorter the better, since nobody documents how long a
 * reference may be
 * @param secret what only the account knows
 * @returns a reference of letters, digits, `-` and `_`, about 100 characters for one of n8n
 */
export function sealWayBack(wayBack: WayBack, secret: string): string {
	const iv = randomBytes(ivLength);
	const cipher = createCipheriv(algorithm, keyFrom(secret), iv);
	const sealed = Buffer.concat([cipher.update(pack(wayBack)), cipher.final()]);
	return mark + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @returns null for a reference that is no way back, of another account, or altered by a bit */
export function openWayBack(reference: string, secret: string): WayBack | null {
	if (!reference.startsWith(mark)) return null;
	const text = reference.slice(mark.length);
	const bytes = Buffer.from(text, 'base64url');
	// Node.js reads over what is no base64url, and over the bits that its last character has too many.
	if (bytes.toString('base64url') !== text) return null;
	try {
		const iv = bytes.subarray(0, ivLength);
		// A shorter tag would be easier to guess.
		const options = { authTagLength: tagLength };
		const decipher = createDecipheriv(algorithm, keyFrom(secret), iv, options);
		decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
		const opened = [decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()];
		return unpack(Buffer.concat(opened));
	} catch {
		return null;
	}
}
