import { invalidInput } from '../../../calls/failures';
import { providers } from '../../../providers';
import type { CallEvent, Provider } from '../../../providers/contract';
import { invalid } from '../../../providers/reading/values';

type Occasion = CallEvent['occasion'];

const inOrder: readonly Occasion[] = ['ringing', 'answered', 'ended'];

/** A provider that takes no registration tells of the end alone. */
const toldBy = ({ events }: Provider): readonly Occasion[] =>
	events === undefined
		? ['ended']
		: inOrder.filter((occasion) => events.names[occasion] !== undefined);

/** The providers that tell how a call goes on, as the form has to know them. */
export const tellers = providers
	.filter((provider) => provider.readEvent !== undefined)
	.map((provider) => ({
		name: provider.name,
		label: provider.label,
		occasions: toldBy(provider),
		registers: provider.events !== undefined,
	}));

/**
 * What a node is to pass on. What the provider never tells of is left out.
 * @throws OtpCallError `invalid-input` when nothing is left, or the provider tells of nothing
 */
export function readOccasions(chosen: unknown, provider: Provider): readonly Occasion[] {
	if (provider.readEvent === undefined) {
		throw invalidInput(
			invalid(
				{ field: 'account', label: 'Account' },
				`is of ${provider.label}, which delivers no events`,
				'Choose an account of another provider, or follow the call with Wait For Result in the send node',
			),
		);
	}
	const names: readonly unknown[] = Array.isArray(chosen) ? chosen : [chosen];
	const occasions = toldBy(provider).filter((occasion) => names.includes(occasion));
	if (occasions.length > 0) return occasions;
	throw invalidInput(
		invalid(
			{ field: 'triggerOn', label: 'Trigger On' },
			'is empty',
			'Choose at least one thing that may happen to a call',
		),
	);
}
