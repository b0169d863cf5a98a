import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { authenticateFor, credentialProperties, prepareCredential } from '../nodes/http/credential';
import { esms } from '../providers/esms/adapter';

// A call that does not exist: asking for it costs nothing. With good keys the code is 105.
const testRequest = {
	url: '/MainService.svc/json/GetSendStatus',
	qs: { RefId: '00000000000000000000000000000000' },
};

export class EsmsApi implements ICredentialType {
	name = 'esmsApi';

	displayName = 'eSMS API';

	icon = {
		light: 'file:../icons/esms.svg',
		dark: 'file:../icons/esms.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/otp-call/n8n-nodes-otp-call#esms-vietnam';

	properties: INodeProperties[] = credentialProperties(esms);

	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await prepareCredential(this, esms, credential, testRequest);
	}

	authenticate = authenticateFor(esms);

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
					// Every answer of eSMS has this key; a rule that matches fails the test.
					key: 'CodeResponse',
					value: undefined,
					message:
						'This server does not answer like eSMS. Check Base URL, usually https://rest.esms.vn',
				},
			},
		],
	};
}
