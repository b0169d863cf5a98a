import type { Node } from 'node-red';

import { claimLife } from '../../calls/claims';
import type { Claim, ClaimStore, EarlierClaim } from '../../calls/claims';
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
	const isAlive = ({ at }: Kept): boolean => at > now() - claimLife;
	const nameOf = ({ key }: Claim): string => `k${key}`;

	return {
		async claim(claim) {
			let earlier: EarlierClaim | null = null;
			await claims.change(nameOf(claim), (known) => {
				if (known !== null && isAlive(known)) {
					const { callId, code, recipient } = known;
					const isSameCode = code === null || claim.code === null || code === claim.code;
					earlier = { isSameRecipient: recipient === claim.recipient, isSameCode, callId };
					return known;
				}
				return { recipient: claim.recipient, code: claim.code, callId: null, at: now() };
			});
			await claims.tidy(isAlive);
			return earlier;
		},
		async settle(claim, callId) {
			await claims.change(nameOf(claim), (known) => known && { ...known, callId });
		},
		async release(claim) {
			await claims.change(nameOf(claim), () => null);
		},
	};
}
