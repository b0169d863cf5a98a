import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { authenticateFor, credentialProperties, prepareCredential } from '../nodes/http/credential';
import { kavenegar } from '../providers/kavenegar/adapter';

// What is left of the credit: the key is put into the path where every request has it.
const testRequest = { url: '/v1/account/info.json' };

/** The key, the account or the address of this machine is not accepted: the documented table. */
const refusing = [401, 403, 407, 416, 426, 430];

export class KavenegarApi implements ICredentialType {
	name = 'kavenegarApi';

	displayName = 'Kavenegar API';

	icon = {
		light: 'file:../icons/kavenegar.svg',
		dark: 'file:../icons/kavenegar.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/otp-call/n8n-nodes-otp-call#kavenegar-iran';

	properties: INodeProperties[] = credentialProperties(kavenegar);

	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await prepareCredential(this, kavenegar, credential, testRequest);
	}

	authenticate = authenticateFor(kavenegar);

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			...testRequest,
			ignoreHttpStatusErrors: { ignore: true, except: refusing },
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					// Every answer of Kavenegar has this key, be it null; a rule that matches fails the test.
					key: 'entries',
					value: undefined,
					message:
						'This server does not answer like Kavenegar. Check Base URL, usually https://api.kavenegar.com',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					// An error has no entries, whatever HTTP status it comes with.
					key: 'entries',
					value: null,
					message: 'Kavenegar does not accept this credential. Check API Key',
				},
			},
		],
	};
}
