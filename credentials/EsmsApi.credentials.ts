import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authenticateFor, credentialProperties } from '../nodes/http/credential';
import { esms } from '../providers/esms/adapter';

export class EsmsApi implements ICredentialType {
	name = 'esmsApi';

	displayName = 'eSMS API';

	icon = {
		light: 'file:../icons/esms.svg',
		dark: 'file:../icons/esms.dark.svg',
	} as const;

	documentationUrl = 'https://developers.esms.vn/en/esms-api/voice/create-voice-otp-call';

	properties: INodeProperties[] = credentialProperties(esms);

	authenticate = authenticateFor(esms);

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			// A call that does not exist: asking for it costs nothing. With good keys the code is 105.
			url: '/MainService.svc/json/GetSendStatus?RefId=00000000000000000000000000000000',
			ignoreHttpStatusErrors: { ignore: true, except: [401, 403] },
			disableFollowRedirect: true,
		},
		// Every code comes with HTTP 200. A rule that matches fails the test.
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'CodeResponse',
					value: '101',
					message: 'eSMS did not accept these keys. Copy API Key and Secret Key once more',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'CodeResponse',
					value: '140',
					message: 'eSMS does not know the IP address of this host. Ask eSMS to let it in',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'CodeResponse',
					value: undefined,
					message:
						'This server does not answer like eSMS. Check Base URL, usually https://rest.esms.vn',
				},
			},
		],
	};
}
