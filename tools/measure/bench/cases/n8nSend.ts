import { runInN8n } from '../hosts/n8nCase';
import type { OpenCase } from '../measuring/measuredCase';

/** Our node in n8n, one execution for all items. */
export const open: OpenCase = ({ baseUrl, token }) =>
	runInN8n(
		{
			nodes: [
				{
					name: 'Send',
					type: 'sendOtpCall',
					parameters: {
						provider: 'bitel',
						phoneNumber: '={{ $json.phoneNumber }}',
						code: '={{ $json.code }}',
						options: { concurrency: 10 },
					},
					credential: 'bitelApi',
					next: [],
				},
			],
			credentials: { bitelApi: { baseUrl, token } },
			result: 'Send',
		},
		0,
		'one for all',
	);
