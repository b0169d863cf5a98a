import { open as ours } from './cases/n8nSend';
import { open as http } from './cases/n8nHttpRequest';
import { runInN8n } from './hosts/n8nCase';
async function main() {
	const baseUrl = process.argv[2] ?? '';
	const which = process.argv[3];
	const target = {
		baseUrl,
		token: 'simulator-token',
		n8nNodesBase: '/tmp/real-n8n/node_modules/n8n-nodes-base',
	} as never;
	const conc = (concurrency: number) =>
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
							options: { concurrency },
						},
						credential: 'bitelApi',
						next: [],
					},
				],
				credentials: { bitelApi: { baseUrl, token: 'simulator-token' } },
				result: 'Send',
			},
			0,
			'one for all',
		);
	const cases = {
		http: await http(target),
		c1: await conc(1),
		c10: await conc(10),
		c30: await conc(30),
		c100: await conc(100),
	};
	const orders = (n: number, r: number) =>
		Array.from({ length: n }, (_, i) => ({
			phoneNumber: `0912${1000000 + r * 1000 + i}`,
			code: '1234',
		}));
	for (let r = 0; r < 3; r++)
		for (const c of Object.values(cases)) await c.place(orders(500, r) as never, () => {});
	const sums: Record<string, number[]> = {};
	for (let r = 0; r < 9; r++)
		for (const [name, c] of Object.entries(cases)) {
			const start = process.cpuUsage();
			const t = performance.now();
			await c.place(orders(500, r) as never, () => {});
			const { user, system } = process.cpuUsage(start);
			(sums[name] ??= []).push((user + system) / 500);
		}
	for (const [n, v] of Object.entries(sums))
		console.log(
			n,
			v.sort((a, b) => a - b)[4]?.toFixed(0),
			'us/call',
			v.map((x) => x.toFixed(0)).join(' '),
		);
	process.exit(0);
}
void main();
