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
 * is three values: key and time, key and number, key and code. It does not hold the call's ID. It has no
 * lock over workers: of two that claim in the same instant both may find the key free.
 * @param now milliseconds since 1970
 */
export function claimStoreOf(functions: IExecuteFunctions, now: () => number): ClaimStore {
	const seen = new SeenValues(functions, ruleUnusable(idempotencyKeyField));
	const stepOf = (key: string, step: number) => `claim:${key}:${step}`;
	const latest = () => Math.floor(now() / stepLength);
	const factsOf = ({ code, key, recipient }: Claim): readonly string[] => [
		`claim:${key}:to:${recipient}`,
		`claim:${key}:code:${code}`,
	];

	return {
		claim: (claim) =>
			seen.inTurn([claim.key], async (values) => {
				const current = latest();
				const asked = Array.from({ length: steps + 1 }, (_, before) =>
					stepOf(claim.key, current - before),
				);
				const facts = factsOf(claim);
				const fresh = await values.record([...asked, ...facts]);
				const isFree = asked.every((value) => fresh.has(value));
				const kept = isFree ? [stepOf(claim.key, current), ...facts] : [];
				await values.remove([...fresh].filter((value) => !kept.includes(value)));
				if (isFree) return null;
				const [recipient = '', code = ''] = facts;
				return {
					isSameRecipient: !fresh.has(recipient),
					isSameCode: !fresh.has(code),
					callId: null,
				};
			}),
		settle: async () => undefined,
		release: (claim) =>
			seen.inTurn([claim.key], (values) => {
				const current = latest();
				const own = [current, current - 1].map((step) => stepOf(claim.key, step));
				return values.remove([...own, ...factsOf(claim)]);
			}),
	};
}
