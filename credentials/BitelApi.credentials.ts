import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { bearerOf } from '../nodes/shared/accounts/authenticate';
import { bitelAccount } from '../nodes/shared/accounts/bitel';
import { bitel } from '../providers/bitel/adapter';

export class BitelApi implements ICredentialType {
	name = 'bitelApi';

	displayName = 'Bitel API';

	icon = {
		light: 'file:../icons/bitel.svg',
		dark: 'file:../icons/bitel.dark.svg',
	} as const;

	documentationUrl = 'https://bitel.gitbook.io/bitel/';

	properties: INodeProperties[] = [
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The API token from your Bitel panel, without the word Bearer',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.bitel.rest',
			placeholder: 'e.g. https://api.bitel.rest',
			description: 'The address of the API, without a path',
		},
		{
			displayName: 'Server ID',
			name: 'serverId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 5d2f4c1e',
			description:
				'The dialer from which calls start when a node names none. Leave empty for the default of your Bitel project.',
		},
	];

	authenticate = bearerOf(bitelAccount, bitel);

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
