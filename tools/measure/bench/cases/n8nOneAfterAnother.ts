import { runInN8n } from '../hosts/n8nCase';
import { OneAfterAnother } from '../n8nCoreNodes/oneAfterAnother';
import type { OpenCase } from '../measuring/measuredCase';

/** A node that awaits one request after another. */
export const open: OpenCase = ({ baseUrl, token }) =>
	runInN8n(
		{
			nodes: [
				{
					name: 'Send',
					type: 'bench.oneAfterAnother',
					parameters: { phoneNumber: '={{ $json.phoneNumber }}', code: '={{ $json.code }}' },
					credential: 'bitelApi',
					next: [],
				},
			],
			credentials: { bitelApi: { baseUrl, token } },
			nodeTypes: { 'bench.oneAfterAnother': new OneAfterAnother() },
			result: 'Send',
		},
		0,
		'one for all',
	);
