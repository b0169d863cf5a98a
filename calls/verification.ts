import { createHmac, randomBytes, timingSafeEqual } from 'crypto';

import { bareCode } from '../redaction/secretForms';
import type { CallContext } from './context';
import { maxAttemptsField } from './fields';
import { keyFrom, seal, unseal } from './sealing';

/**
 * The token by which a typed code can be checked later, by whoever holds the account. It is sealed, and of
 * the code it holds a keyed hash only, so that nobody who has it, and all that is stored of its checks,
 * learns the code or can try codes without the account's secret.
 */

/** A code that is read out, and what a check of it is bound to. */
export interface KeptCode {
	/** As it was sent. */
	readonly code: string;
	/** E.164. */
	readonly phoneNumber: string;
	/** '' for none. One line: without control characters. */
	readonly purpose: string;
	/** The first moment at which it is worth nothing any more, in milliseconds since 1970. */
	readonly expiresAt: number;
	/** All tokens of one call share its tries; null: this one is the only one. */
	readonly callId: string | null;
}

/** An opened token. */
export interface Verification {
	/** 32 hexadecimal digits. Chance, or what chance would look like to everybody without the secret. */
	readonly id: string;
	readonly phoneNumber: string;
	readonly purpose: string;
	readonly expiresAt: number;
	/** How often it may be tried at most. */
	readonly attempts: number;
	/** Compares in constant time. @param typed any text */
	readonly isCode: (typed: string) => boolean;
}

type Account = Pick<CallContext, 'provider' | 'lastingSecret'>;

const kind = { mark: 'c1', label: 'verification 1' };
const codeLabel = 'verification 1 code';
const idLabel = 'verification 1 id';

/**
 * In characters; a longer one is none of ours: see `purposeField`.
 * @internal for the tests
 */
export const longestVerification = 510;

const idLength = 16;
const digestLength = 32;

/** What people and pages put between the characters of a code, visible or not. */
const separators = /[\p{Pd}\p{Cf}\u2212]/gu;

/** The same for every writing of one code: in other digits, in pieces, in lower case. */
export function foldCode(code: string): string {
	return bareCode(code)
		.replace(separators, '')
		.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

/** For a code that is one of fewer than a million. */
const fewAttempts = 3;

const attemptsFor = (folded: string): number =>
	/^\d{1,5}$/.test(folded) ? fewAttempts : maxAttemptsField.most;

/** Takes the code that is folded. */
function digesterOf(header: Uint8Array, secret: string): (folded: string) => Buffer {
	const key = keyFrom(secret, codeLabel);
	// No part of the header and no folded code holds a line break: where one ends is never in doubt.
	return (folded) => createHmac('sha256', key).update(header).update(`\n${folded}`).digest();
}

function idOf({ lastingSecret, provider }: Account, kept: KeptCode, folded: string): Buffer {
	const { callId, phoneNumber } = kept;
	if (callId === null) return randomBytes(idLength);
	return createHmac('sha256', keyFrom(lastingSecret, idLabel))
		.update(JSON.stringify([provider.name, callId, phoneNumber, folded]))
		.digest()
		.subarray(0, idLength);
}

/**
 *     header  attempts 1 byte, expiry 6 bytes, ID 16 bytes, then "provider\nnumber\npurpose" in UTF-8
 *     sealed  HMAC of header and code, 32 bytes, then the header
 *
 * @returns a token of letters, digits, `-` and `_`, of fewer than 512 characters
 */
export function sealVerification(account: Account, kept: KeptCode): string {
	const { lastingSecret, provider } = account;
	const folded = foldCode(kept.code);
	const numbers = Buffer.alloc(7);
	numbers.writeUInt8(attemptsFor(folded));
	numbers.writeUIntBE(Math.max(0, Math.round(kept.expiresAt)), 1, 6);
	const text = [provider.name, kept.phoneNumber, kept.purpose].join('\n');
	const header = Buffer.concat([numbers, idOf(account, kept, folded), Buffer.from(text)]);
	const digest = digesterOf(header, lastingSecret)(folded);
	return seal(kind, Buffer.concat([digest, header]), lastingSecret);
}

/** @returns null for what is no token of this account, this provider and this version, or was altered by a bit */
export function openVerification(
	{ lastingSecret, provider }: Account,
	token: string,
): Verification | null {
	if (lastingSecret === '' || token.length > longestVerification) return null;
	const content = unseal(kind, token, lastingSecret);
	if (content === null) return null;
	const digest = content.subarray(0, digestLength);
	const header = content.subarray(digestLength);
	const text = header.subarray(7 + idLength).toString('utf8');
	const [issuer, phoneNumber = '', purpose = ''] = text.split('\n');
	if (issuer !== provider.name) return null;
	const digestOf = digesterOf(header, lastingSecret);
	return {
		id: header.subarray(7, 7 + idLength).toString('hex'),
		phoneNumber,
		purpose,
		expiresAt: header.readUIntBE(1, 6),
		attempts: header.readUInt8(),
		isCode: (typed) => timingSafeEqual(digestOf(foldCode(typed)), digest),
	};
}
