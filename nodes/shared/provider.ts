import type { IExecuteFunctions } from 'n8n-workflow';

import { invalidInput } from '../../calls/failures';
import { findProvider, providers } from '../../providers';
import type { Provider } from '../../providers/contract';
import { invalid } from '../../providers/reading/values';

/** The provider that a builder has chosen. @throws OtpCallError `invalid-input` */
export function chosenProvider(functions: IExecuteFunctions): Provider {
	const provider = findProvider(functions.getNodeParameter('provider', 0, providers[0]?.name));
	if (provider !== undefined) return provider;
	throw invalidInput(
		invalid(
			{ field: 'provider', label: 'Provider' },
			'is not one that this node knows',
			'Choose a provider of the list',
		),
	);
}
