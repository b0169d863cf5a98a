import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authenticateFor, credentialProperties } from '../nodes/http/credential';
import { bitel } from '../providers/bitel/adapter';

export class BitelApi implements ICredentialType {
	name = 'bitelApi';

	displayName = 'Bitel API';

	icon = {
		light: 'file:../icons/bitel.svg',
		dark: 'file:../icons/bitel.dark.svg',
	} as const;

	documentationUrl = 'https://bitel.gitbook.io/bitel/';

	properties: INodeProperties[] = credentialProperties(bitel);

	authenticate = authenticateFor(bitel);

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			// A call that does not exist: asking for it costs nothing. With a good token the answer is 404,
			// which counts; 401 and 403 do not.
			url: '/api/v2/voice/status/00000000000000000000000000000000',
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
