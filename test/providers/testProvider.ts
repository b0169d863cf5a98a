import type { Provider } from '../../providers/contract';
import { accountChecks } from './conformance/account';
import { answerChecks } from './conformance/answers';
import { contractChecks } from './conformance/contract';
import { eventChecks } from './conformance/deliveries';
import { listChecks } from './conformance/lists';
import { registeredChecks } from './conformance/registered';
import type { Check, Checks, ProviderSamples } from './conformance/samples';
import { sendChecks } from './conformance/sends';

export type { ProviderSamples } from './conformance/samples';

const parts: readonly Checks[] = [
	contractChecks,
	sendChecks,
	answerChecks,
	accountChecks,
	eventChecks,
	listChecks,
];

/**
 * All that must hold for every provider, whatever it speaks.
 * @param root of the repository that n8n's package is built from; this one where it is left out
 */
export const checksOf = (
	provider: Provider,
	samples: ProviderSamples,
	root?: string,
): readonly Check[] => [
	...parts.flatMap((part) => part(provider, samples)),
	...registeredChecks(provider, root),
];

/**
 * The tests of every provider: its own test calls this with what its documents show, and adds what is
 * special to it.
 * @param root as in `checksOf`
 */
export function testProvider(provider: Provider, samples: ProviderSamples, root?: string): void {
	describe(`${provider.label}, as every provider,`, () => {
		for (const { title, run } of checksOf(provider, samples, root)) it(title, run);
	});
}
