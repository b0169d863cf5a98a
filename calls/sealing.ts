import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'crypto';

/** Keys that follow from an account's lasting secret, and texts that are sealed with them. */

/** One kind of sealed text: no other kind or version can be taken for it. */
export interface SealedKind {
	/** Stands before each of them: the kind and its version. */
	readonly mark: string;
	/** What its key is derived for. Another one for each kind and version. */
	readonly label: string;
}

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

/**
 * A key of 32 bytes for one use.
 * @param label another one for each use: keys of different labels have nothing in common
 */
export function keyFrom(secret: string, label: string): Uint8Array {
	return new Uint8Array(hkdfSync('sha256', secret, 'otp-call', label, 32));
}

/**
 * @param secret what only the account knows
 * @returns letters, digits, `-` and `_`: the mark, and four characters for each three bytes of the content
 * and of 28 more
 */
export function seal({ label, mark }: SealedKind, content: Uint8Array, secret: string): string {
	const iv = randomBytes(ivLength);
	const cipher = createCipheriv(algorithm, keyFrom(secret, label), iv);
	const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
	return mark + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @returns null for a text of another kind, version or account, or one that was altered by a bit */
export function unseal({ label, mark }: SealedKind, text: string, secret: string): Buffer | null {
	return unsealWith(mark, text, keyFrom(secret, label));
}

/**
 * The same with the key that follows from the account's secret.
 * @param mark of the kind whose key it is
 */
export function unsealWith(mark: string, text: string, key: Uint8Array): Buffer | null {
	if (!text.startsWith(mark)) return null;
	const packed = text.slice(mark.length);
	const bytes = Buffer.from(packed, 'base64url');
	// Node.js reads over what is no base64url, and over the bits that its last character has too many.
	if (bytes.toString('base64url') !== packed) return null;
	try {
		const iv = bytes.subarray(0, ivLength);
		// A shorter tag would be easier to guess.
		const options = { authTagLength: tagLength };
		const decipher = createDecipheriv(algorithm, key, iv, options);
		decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
		return Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
	} catch {
		return null;
	}
}
