import { runInN8n } from '../hosts/n8nCase';
import type { OpenCase } from '../measuring/measuredCase';
import {
	type CoreNodes,
	HTTP_REQUEST,
	headerAuth,
	loadCoreNodes,
	standIns,
} from '../n8nCoreNodes/index';

/** n8n's HTTP Request node, set up as a builder would for the same request. */
export const open: OpenCase = (target) => openWith(loadCoreNodes(target.n8nNodesBase), target);

/** The same with the node that stands for it. */
export const openStandIn: OpenCase = (target) => openWith(standIns, target);

function openWith(
	nodeTypes: CoreNodes,
	{ baseUrl, token }: Parameters<OpenCase>[0],
): ReturnType<OpenCase> {
	return runInN8n(
		{
			nodes: [
				{
					name: 'Send',
					...HTTP_REQUEST,
					parameters: {
						method: 'POST',
						url: `${baseUrl}/api/v2/voice/otp`,
						authentication: 'genericCredentialType',
						genericAuthType: 'httpHeaderAuth',
						sendBody: true,
						contentType: 'json',
						specifyBody: 'keypair',
						bodyParameters: {
							parameters: [
								{ name: 'phoneNumber', value: '={{ $json.phoneNumber }}' },
								{ name: 'text', value: '={{ $json.code }}' },
							],
						},
						options: {},
					},
					credential: headerAuth.name,
					next: [],
				},
			],
			credentials: { httpHeaderAuth: { name: 'Authorization', value: `Bearer ${token}` } },
			credentialTypes: [headerAuth],
			nodeTypes,
			result: 'Send',
		},
		0,
		'one for all',
	);
}
