import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { bearerOf, exchangeKey } from '../nodes/shared/accounts/authenticate';
import { autocallAccount } from '../nodes/shared/accounts/autocall';
import { autocall } from '../providers/autocall/adapter';

export class AutocallApi implements ICredentialType {
	name = 'autocallApi';

	displayName = 'TEL4VN Autocall API';

	icon = {
		light: 'file:../icons/autocall.svg',
		dark: 'file:../icons/autocall.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/otp-call/n8n-nodes-otp-call#tel4vn-autocall-vietnam';

	properties: INodeProperties[] = [
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			// n8n keeps the token here that it got for the API key, and fills it again when it is refused.
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://api.example.com',
			description: 'The address of the API that TEL4VN or your reseller gave you, without a path',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{
					name: 'API Key',
					value: 'apiKey',
					description: 'The key is exchanged for tokens, which are renewed when they expire',
				},
				{
					name: 'Token',
					value: 'token',
					description: 'A token that you got yourself, and that you replace when it expires',
				},
			],
			default: 'apiKey',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { authentication: ['apiKey'] } },
			description: 'The API key from your TEL4VN portal',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { authentication: ['token'] } },
			description: 'The access token, without the word Bearer',
		},
		{
			displayName: 'Campaign UUID',
			name: 'campaignUuid',
			type: 'string',
			default: '',
			placeholder: 'e.g. f77dfcf4-0759-4179-93cb-741f481a776e',
			description: 'The voice OTP campaign of calls whose node names none',
		},
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const token = await exchangeKey(this, autocallAccount, autocall, credential);
		return token === '' ? {} : { sessionToken: token };
	}

	authenticate = bearerOf(autocallAccount, autocall);

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			url: '/v3/campaign',
			qs: { type: 'autocall', limit: 1, offset: 0 },
			ignoreHttpStatusErrors: { ignore: true, except: [401, 403] },
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					// The list is there even when it is empty; a rule that matches fails the test.
					key: 'data',
					value: undefined,
					message: 'This server does not answer like the Autocall API. Check Base URL',
				},
			},
		],
	};
}
