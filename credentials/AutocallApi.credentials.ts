import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { authenticateFor, credentialProperties, prepareCredential } from '../nodes/http/credential';
import { autocall } from '../providers/autocall/adapter';

const testRequest = { url: '/v3/campaign', qs: { type: 'autocall', limit: '1', offset: '0' } };

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
		return await prepareCredential(this, autocall, credential, testRequest);
	}

	authenticate = authenticateFor(autocall);

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			...testRequest,
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
