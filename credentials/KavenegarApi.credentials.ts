import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authenticateFor, credentialProperties } from '../nodes/http/credential';
import { kavenegar } from '../providers/kavenegar/adapter';

export class KavenegarApi implements ICredentialType {
	name = 'kavenegarApi';

	displayName = 'Kavenegar API';

	icon = {
		light: 'file:../icons/kavenegar.svg',
		dark: 'file:../icons/kavenegar.dark.svg',
	} as const;

	documentationUrl = 'https://kavenegar.com/rest.html';

	properties: INodeProperties[] = credentialProperties(kavenegar);

	authenticate = authenticateFor(kavenegar);

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			// What is left of the credit: the key is put into the path where every request has it.
			url: '/v1/account/info.json',
			// The key, the account or the address of this machine is not accepted: the documented table.
			ignoreHttpStatusErrors: { ignore: true, except: [401, 403, 407, 416, 426, 430] },
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
					message: 'Kavenegar does not accept this account. Check API Key',
				},
			},
		],
	};
}
