import type { Clock, Transport } from '../../calls/transport';
import type { OtpCallError } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { exchangedToken, fixedToken } from '../../calls/tokens';
import type { TokenSource } from '../../calls/tokens';
import type { Provider } from '../../providers/contract';
import { invalid } from '../../providers/reading/values';

/** What an account keeps secret; everything is unchecked. */
export interface AccountSecrets {
	token?: unknown;
	apiKey?: unknown;
}

const fields = {
	token: { field: 'token', label: 'Token' },
	apiKey: { field: 'apiKey', label: 'API Key' },
};

function secretError(name: keyof typeof fields, rule: string, provider: Provider): OtpCallError {
	const { label } = fields[name];
	return invalidInput(
		invalid(
			fields[name],
			rule,
			`Open the account node and enter the ${label} that ${provider.label} gave you`,
		),
	);
}

/** A secret as it was pasted, without blanks around it and without the word that goes before it in a header. */
function readSecret(value: unknown, name: keyof typeof fields, provider: Provider): string {
	const text = typeof value === 'string' ? value.trim().replace(/^bearer\s+/i, '') : '';
	if (text === '') throw secretError(name, 'of the account is empty', provider);
	// Anything else cannot stand in a header.
	if (!/^[\x21-\x7e]+$/.test(text)) {
		throw secretError(
			name,
			'of the account holds spaces, line breaks or special characters',
			provider,
		);
	}
	return text;
}

/**
 * Where the account's token comes from.
 * @param authentication `apiKey`: exchanged at the provider for a token, where the provider offers it
 * @param wire sends the exchange, without authorization
 * @throws OtpCallError `invalid-input` when the account holds no usable secret
 */
export function tokenSourceOf(
	account: { readonly authentication: unknown; readonly secrets: AccountSecrets },
	wire: {
		readonly provider: Provider;
		readonly baseUrl: string;
		readonly transport: Transport;
		readonly clock: Clock;
		readonly signal: AbortSignal;
	},
): TokenSource {
	const { provider } = wire;
	if (provider.tokens && account.authentication === 'apiKey') {
		return exchangedToken(
			wire,
			provider.tokens,
			readSecret(account.secrets.apiKey, 'apiKey', provider),
		);
	}
	return fixedToken(readSecret(account.secrets.token, 'token', provider));
}
