import type { IExecuteFunctions } from 'n8n-workflow';

import { claimLife } from '../../calls/claims';
import type { Claim, ClaimStore } from '../../calls/claims';
import { idempotencyKeyField } from '../../calls/fields';
import { ruleUnusable, SeenValues } from './seenValues';

/** A claim is kept in so many steps of time: it lasts up to one of them longer than it has to. */
const steps = 12;
const stepLength = claimLife / steps;

/**
 * Claims in n8n's own store of the workflow. It tells only whether it has seen a value, so what is claimed
 * is four values: key and time, person and time, key and number, key and code. It does not hold the call's ID. It has no
 * lock over workers: of two that claim in the same instant both may find the key free.
 * @param now milliseconds since 1970
 */
export function claimStoreOf(functions: IExecuteFunctions, now: () => number): ClaimStore {
	const seen = new SeenValues(functions, ruleUnusable(idempotencyKeyField));
	const stepOf = (key: string, step: number) => `claim:${key}:${step}`;
	const latest = () => Math.floor(now() / stepLength);
	/** The values by which something is known to be claimed, the one of now first. */
	const stepsOf = (key: string, current: number): readonly [string, ...string[]] => [
		stepOf(key, current),
		...Array.from({ length: steps }, (_, before) => stepOf(key, current - before - 1)),
	];
	const factsOf = ({ code, key, recipient }: Claim): readonly string[] => [
		`claim:${key}:to:${recipient}`,
		`claim:${key}:code:${code}`,
	];

	return {
		claim: (claim) =>
			seen.inTurn([claim.key, claim.person], async (values) => {
				const current = latest();
				const ofKey = stepsOf(claim.key, current);
				const ofPerson = stepsOf(claim.person, current);
				const facts = factsOf(claim);
				const fresh = await values.record([...ofKey, ...ofPerson, ...facts]);
				const isKeyFree = ofKey.every((value) => fresh.has(value));
				const isFree = isKeyFree && ofPerson.every((value) => fresh.has(value));
				const kept = isFree ? [ofKey[0], ofPerson[0], ...facts] : [];
				await values.remove([...fresh].filter((value) => !kept.includes(value)));
				if (isKeyFree) return isFree ? null : 'by-another-account';
				const [recipient = '', code = ''] = facts;
				return {
					isSameRecipient: !fresh.has(recipient),
					isSameCode: !fresh.has(code),
					callId: null,
				};
			}),
		isClaimed: (claim) =>
			seen.inTurn([claim.key, claim.person], async (values) => {
				const asked = stepsOf(claim.key, latest());
				const fresh = await values.record(asked);
				await values.remove(fresh);
				return asked.some((value) => !fresh.has(value));
			}),
		settle: async () => undefined,
		release: (claim) =>
			seen.inTurn([claim.key, claim.person], (values) => {
				const current = latest();
				const own = [claim.key, claim.person].flatMap((key) => [
					stepOf(key, current),
					stepOf(key, current - 1),
				]);
				return values.remove([...own, ...factsOf(claim)]);
			}),
	};
}
