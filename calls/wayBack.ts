import { keyFrom, seal, unsealWith } from './sealing';

/**
 * The way back to what waits for a call, sealed into the reference that the provider carries and tells in
 * its event. Nobody who reads a CDR, an output or an event can wake anything with it: the key follows from
 * the account's lasting secret.
 */

/** What is sealed: where a waiting execution is woken, as its host says it. */
export type WayBack = string;

const kind = { mark: 'w1', label: 'way back' };

/** A signature as n8n writes it: 64 hexadecimal digits, which are half as long as bytes. */
const hexadecimal = /^(.*?)([0-9a-f]{64})$/s;

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
	return seal(kind, pack(wayBack), secret);
}

/** What opens the ways back of an account. It follows from the account's secret, which does not follow from it. */
export type WayBackKey = Uint8Array;

/** @param secret what only the account knows */
export const wayBackKey = (secret: string): WayBackKey => keyFrom(secret, kind.label);

/** Whether a reference looks like a way back, of whichever account. */
export const mayBeWayBack = (reference: string): boolean => reference.startsWith(kind.mark);

/** @returns null for a reference that is no way back, of another account, or altered by a bit */
export function openWayBack(reference: string, key: WayBackKey): WayBack | null {
	const bytes = unsealWith(kind.mark, reference, key);
	return bytes === null ? null : unpack(bytes);
}
