import type { Node } from 'node-red';

import { claimLife } from '../../calls/claims';
import type { Claim, ClaimStore } from '../../calls/claims';
import { ContextStore } from './contextStore';

/** A claim as it is kept: hashes, and the call's ID once it is known. */
interface Kept {
	readonly recipient: string;
	readonly code: string | null;
	readonly callId: string | null;
	/** When it was claimed, in milliseconds since 1970. */
	readonly at: number;
}

const isTextOrNull = (value: unknown): value is string | null =>
	value === null || typeof value === 'string';

const readKept = (value: unknown): Kept | null =>
	typeof value === 'object' &&
	value !== null &&
	'recipient' in value &&
	typeof value.recipient === 'string' &&
	'code' in value &&
	isTextOrNull(value.code) &&
	'callId' in value &&
	isTextOrNull(value.callId) &&
	'at' in value &&
	typeof value.at === 'number'
		? { recipient: value.recipient, code: value.code, callId: value.callId, at: value.at }
		: null;

/**
 * Claims in a context store of Node-RED: they last as long as the store does (`lastingOf` tells).
 * @param store the name of a context store as in Node-RED's settings; '' for the default one
 * @param now milliseconds since 1970
 */
export function claimStoreOf(node: Node, store: unknown, now: () => number): ClaimStore {
	const claims = new ContextStore(node, store, 'otpCallClaims', readKept);
	const isAlive = (entry: Kept, at = now()): boolean => entry.at > at - claimLife;
	const nameOf = ({ key }: Claim): string => `k${key}`;
	const nameOfPerson = ({ person }: Claim): string => `p${person}`;
	/** Takes an entry, unless somebody has. @returns what is there already */
	const take = async (name: string, { code, recipient }: Claim): Promise<Kept | null> => {
		const at = now();
		const alive = (entry: Kept | null) => (entry !== null && isAlive(entry, at) ? entry : null);
		const taken = { recipient, code, callId: null, at };
		return alive(await claims.change(name, (entry) => alive(entry) ?? taken));
	};

	return {
		async claim(claim) {
			const known = await take(nameOf(claim), claim);
			await claims.tidy((entry) => isAlive(entry));
			if (known !== null) {
				const { callId, code, recipient } = known;
				const isSameCode = code === null || code === claim.code;
				return { isSameRecipient: recipient === claim.recipient, isSameCode, callId };
			}
			// The key first: of two accounts that come together only one gets the person as well.
			if ((await take(nameOfPerson(claim), claim)) === null) return null;
			await claims.change(nameOf(claim), () => null);
			return 'by-another-account';
		},
		async isClaimed(claim) {
			const known = await claims.change(nameOf(claim), (entry) => entry);
			return known !== null && isAlive(known);
		},
		async settle(claim, callId) {
			await claims.change(nameOf(claim), (known) => known && { ...known, callId });
		},
		async release(claim) {
			await claims.change(nameOfPerson(claim), () => null);
			await claims.change(nameOf(claim), () => null);
		},
	};
}
