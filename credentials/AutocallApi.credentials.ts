import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { authenticateFor, credentialProperties, exchangeKey } from '../nodes/http/credential';
import { autocall } from '../providers/autocall/adapter';

export class AutocallApi implements ICredentialType {
	name = 'autocallApi';

	displayName = 'TEL4VN Autocall API';

	icon = {
		light: 'file:../icons/autocall.svg',
		dark: 'file:../icons/autocall.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/otp-call/n8n-nodes-otp-call#tel4vn-autocall-vietnam';

	properties: INodeProperties[] = credentialProperties(autocall);

	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await exchangeKey(this, autocall, credential);
	}

	authenticate = authenticateFor(autocall);

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
