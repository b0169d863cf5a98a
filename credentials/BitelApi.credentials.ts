import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { authenticateFor, credentialProperties, prepareCredential } from '../nodes/http/credential';
import { bitel } from '../providers/bitel/adapter';

// A call that does not exist: asking for it costs nothing. With a good token the answer is 404,
// which counts; 401 and 403 do not.
const testRequest = { url: '/api/v2/voice/status/00000000000000000000000000000000' };

export class BitelApi implements ICredentialType {
	name = 'bitelApi';

	displayName = 'Bitel API';

	icon = {
		light: 'file:../icons/bitel.svg',
		dark: 'file:../icons/bitel.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/otp-call/n8n-nodes-otp-call#bitel-iran';

	properties: INodeProperties[] = credentialProperties(bitel);

	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await prepareCredential(this, bitel, credential, testRequest);
	}

	authenticate = authenticateFor(bitel);

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
					// Every answer of Bitel has this key, be it null; a rule that matches fails the test.
					key: 'error',
					value: undefined,
					message:
						'This server does not answer like Bitel. Check Base URL, usually https://api.bitel.rest',
				},
			},
		],
	};
}
