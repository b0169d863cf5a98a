import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { invalidInput } from '../../calls/failures';
import { findProvider } from '../../providers';
import type { CallEvent, Provider } from '../../providers/contract';
import { invalid } from '../../providers/reading/values';
import { occasions } from './properties';

type TriggerFunctions = IHookFunctions | IWebhookFunctions;

/** @throws OtpCallError `invalid-input` */
export function chosenProvider(functions: TriggerFunctions): Provider {
	const provider = findProvider(functions.getNodeParameter('provider'));
	if (provider?.readEvent !== undefined) return provider;
	throw invalidInput(
		invalid(
			{ field: 'provider', label: 'Provider' },
			'is not one that tells how a call goes on',
			'Choose one of the list, not an expression',
		),
	);
}

/** @throws OtpCallError `invalid-input` when nothing is chosen */
export function chosenOccasions(functions: TriggerFunctions): readonly CallEvent['occasion'][] {
	const chosen: unknown = functions.getNodeParameter('triggerOn', []);
	const names: readonly unknown[] = Array.isArray(chosen) ? chosen : [chosen];
	const known = occasions
		.map(({ occasion }) => occasion)
		.filter((occasion) => names.includes(occasion));
	if (known.length > 0) return known;
	throw invalidInput(
		invalid(
			{ field: 'triggerOn', label: 'Trigger On' },
			'is empty',
			'Choose at least one thing that may happen to a call',
		),
	);
}
