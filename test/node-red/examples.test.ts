import assert from 'node:assert/strict';

import {
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
	createManualClock,
	startSimulator,
} from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { AUTOCALL_SEND, AUTOCALL_SEND_PATH, at, call } from '../tools/simulator/client';
import { EmbeddedHost } from './embeddedHost';
import { own } from './exampleFlows';
import type { Fields, FlowNode, Message } from './runningFlow';

describe('Node-RED: the examples', function () {
	this.timeout(60_000);

	describe('imported into a real Node-RED, with the simulator behind their accounts', () => {
		let host: EmbeddedHost;
		let simulator: Simulator;
		/** Where it is still yesterday: a nightly list needs calls of the day before. */
		let dayBefore: Simulator;

		/** What a user fills in after an import: the account, and where this Node-RED is found. */
		const filledIn = (node: FlowNode): Fields => {
			if (node['type'] === 'otp-call-event') {
				return {
					...node,
					publicUrl: host.url,
					credentials: { secret: '0123456789abcdef0123456789abcdef' },
				};
			}
			// Whoever imports it need not wait as long.
			if (node['id'] === 'otp7-again') return { ...node, repeat: '1' };
			if (node['id'] === 'otp7-order') {
				return JSON.parse(JSON.stringify(node).replace('09123456789', '09121110077')) as Fields;
			}
			// Bitel's second try would be waited for.
			if (node['type'] === 'send-otp-call') return { ...node, retryCount: '0' };
			if (node['type'] !== 'otp-call-account') return node;
			const isAutocall = node['provider'] === 'autocall';
			const credentials = isAutocall ? { apiKey: SIMULATOR_API_KEY } : { token: SIMULATOR_TOKEN };
			const provider = isAutocall ? 'autocall' : 'bitel';
			const baseUrl = isAutocall ? dayBefore.url : simulator.url;
			return { ...node, provider, baseUrl, credentials };
		};

		before(async () => {
			simulator = await startSimulator();
			const clock = createManualClock(Date.now() - 24 * 3_600_000);
			dayBefore = await startSimulator({ clock });
			const calls = { module: 'localfilesystem', config: { cache: false } };
			const contextStorage = { default: { module: 'memory' }, calls };
			host = await EmbeddedHost.start('node-red', { contextStorage });
			await host.deploy(own.flatMap(({ nodes }) => nodes.map(filledIn)));
		});
		after(async () => {
			await host.stop();
			await simulator.close();
			await dayBefore.close();
		});

		const press = (id: string) => host.ask('POST', `/inject/${id}`, {});
		const kindOf = (message: Message): unknown => at(message, 'error', 'code');

		const post = async (path: string, fields: Record<string, string>) => {
			const body = new URLSearchParams(fields);
			const response = await fetch(`${host.url}${path}`, { method: 'POST', body });
			return { status: response.status, text: await response.text() };
		};

		it('first call: shows the call on its way, and what is wrong with a number', async () => {
			const queued = host.next('otp1-result');
			const error = host.next('otp1-error');
			await press('otp1-answered');
			await press('otp1-wrong');
			assert.equal(at(await queued, 'payload', 'status'), 'queued');
			assert.equal(kindOf(await error), 'invalid-input');
		});

		const said = (phoneNumber: string): string => {
			const sent = simulator.requests.findLast(
				({ json }) => at(json, 'phoneNumber') === phoneNumber,
			);
			return String(at(sent?.json, 'text'));
		};
		const tokenIn = (page: string): string =>
			/name="verification" value="([^"]*)"/.exec(page)?.[1] ?? '';

		it('sign-up form: asks for the code while the voice reads, and welcomes who types it', async () => {
			const form = await fetch(`${host.url}/sign-up`);
			assert.match(await form.text(), /data-token=""/);
			const phoneNumber = '09121110011';
			const called = await post('/sign-up/call', { phoneNumber });
			assert.match(called.text, /We are calling/);
			const code = said(phoneNumber);
			assert.match(code, /^\d{5}$/);
			assert.ok(!called.text.includes(code));
			const verification = tokenIn(called.text);
			assert.match(verification, /^c1[\w-]+$/);
			const check = (typed: string) =>
				post('/sign-up/check', { phoneNumber, verification, code: typed });
			const wrong = await check('12');
			assert.match(wrong.text, /Tries left: 2\./);
			assert.equal(tokenIn(wrong.text), verification);
			const nothing = await check('');
			assert.match(nothing.text, /Code is empty/);
			assert.equal(tokenIn(nothing.text), verification);
			assert.match((await check(` ${code} `)).text, /989121110011 is confirmed/);
			const again = await check(code);
			assert.match(again.text, /Have a new code read to you/);
			assert.match(again.text, /data-token=""/);
		});

		it('sign-up form: calls nobody twice in a minute, and lets the code be typed that was read', async () => {
			const phoneNumber = '09121110012';
			const first = await post('/sign-up/call', { phoneNumber });
			const verification = tokenIn(first.text);
			const second = await post('/sign-up/call', { phoneNumber, verification });
			assert.match(second.text, /can have a call in \d+ seconds/);
			assert.equal(tokenIn(second.text), verification);
			assert.equal(simulator.counters.placedByNumber.get(phoneNumber), 1);
			const checked = await post('/sign-up/check', { verification, code: said(phoneNumber) });
			assert.match(checked.text, /is confirmed/);
		});

		it('sign-up form: asks for the code also where nobody knows whether the phone rings', async () => {
			const phoneNumber = '09121110013';
			simulator.faults.add({
				match: { phoneNumber, operation: 'send' },
				fault: { kind: 'reset-after-placing' },
				times: 1,
			});
			const unknown = await post('/sign-up/call', { phoneNumber });
			assert.match(unknown.text, /If your phone rings all the same/);
			const verification = tokenIn(unknown.text);
			const checked = await post('/sign-up/check', { verification, code: said(phoneNumber) });
			assert.match(checked.text, /is confirmed/);
		});

		it('login by call: gives a token to the app, and says the same of every code that is not right', async () => {
			const phone = '09121110021';
			const started = await post('/otp/start', { phone });
			assert.equal(started.status, 200);
			assert.ok(!started.text.includes(said(phone)));
			const verification = String(at(JSON.parse(started.text), 'verification'));
			const check = (fields: Record<string, string>) => post('/otp/check', fields);
			const wrong = [
				await check({ verification, phone, code: 'x' }),
				await check({ verification, phone: '09121110022', code: said(phone) }),
				await check({}),
			];
			assert.deepEqual(
				wrong.map(({ status, text }) => [status, text]),
				wrong.map(() => [401, wrong[0]?.text]),
			);
			const right = await check({ verification, phone, code: said(phone) });
			assert.deepEqual(JSON.parse(right.text), { ok: true, phone: '+989121110021' });
			assert.equal((await check({ verification, phone, code: said(phone) })).status, 401);
			assert.equal((await post('/otp/start', { phone: '110' })).status, 503);
			const again = await post('/otp/start', { phone });
			assert.match(again.text, /"This number can have a call in \d+ seconds\."/);
			simulator.faults.add({
				match: { phoneNumber: '09121110023', operation: 'send' },
				fault: { kind: 'reset-after-placing' },
				times: 1,
			});
			const unknown = await post('/otp/start', { phone: '09121110023' });
			assert.equal(unknown.status, 202);
			assert.match(String(at(JSON.parse(unknown.text), 'verification')), /^c1/);
		});

		it('second channel: lets the first code be typed while another call has to wait', async () => {
			const phoneNumber = '09121110031';
			const verification = tokenIn((await post('/verify/call', { phoneNumber })).text);
			const second = await post('/verify/call', { phoneNumber, verification });
			assert.match(second.text, /can have a call in \d+ seconds/);
			const typed = { phoneNumber, verification: tokenIn(second.text), code: said(phoneNumber) };
			assert.match((await post('/verify/check', typed)).text, /is confirmed/);
			assert.equal(simulator.counters.placedByNumber.get(phoneNumber), 1);
		});

		it('second channel: writes to the number that was called, as often as the code has tries', async () => {
			const phoneNumber = '09121110032';
			const called = await post('/verify/call', { phoneNumber });
			const verification = tokenIn(called.text);
			const ask = async (token: string): Promise<string> => {
				const asked = { phoneNumber: '09121119999', verification: token, code: 'message' };
				return (await post('/verify/check', asked)).text;
			};
			for (const _ of [1, 2, 3]) {
				assert.match(
					await ask(verification),
					/sent a message to &#x2B;989121110032|\+989121110032/,
				);
			}
			assert.doesNotMatch(await ask(verification), /sent a message/);
			assert.doesNotMatch(await ask('c1AAAA'), /sent a message/);
			assert.doesNotMatch(await ask(''), /sent a message/);
		});

		it('second channel: writes where the provider fails, and not where the phone may ring', async () => {
			const phoneNumber = '09121110033';
			const match = { phoneNumber, operation: 'send' } as const;
			simulator.faults.add({ match, fault: { kind: 'status', status: 403 }, times: 1 });
			const failing = await post('/verify/call', { phoneNumber });
			assert.match(failing.text, /sent a message to 09121110033/);
			simulator.faults.add({ match, fault: { kind: 'reset-after-placing' }, times: 1 });
			const unknown = await post('/verify/call', { phoneNumber });
			assert.doesNotMatch(unknown.text, /sent a message/);
			assert.match(unknown.text, /If your phone rings all the same/);
			const wrong = await post('/verify/call', { phoneNumber: '110' });
			assert.doesNotMatch(wrong.text, /sent a message/);
		});

		it('second channel: writes to nobody because a check could not be made', async () => {
			const written = async (type: string): Promise<unknown> => {
				const page = host.next('otp3-page');
				const cause = { callMayHaveBeenPlaced: false };
				const error = { code: 'unreachable', source: { type }, cause };
				host.sendFrom('otp3-failed', { payload: { phoneNumber: '09121110034' }, error });
				return at(await page, 'payload', 'written');
			};
			assert.equal(await written('check-otp-code'), undefined);
			assert.equal(await written('send-otp-call'), true);
		});

		it('the pages show nothing as a result that an address or a form has brought along', async () => {
			const claimed = { phoneNumber: '110', valid: 'true', verification: 'c1"><b>', reason: 'x' };
			for (const path of ['/sign-up', '/verify']) {
				const query = String(new URLSearchParams(claimed));
				const opened = await (await fetch(`${host.url}${path}?${query}`)).text();
				assert.doesNotMatch(opened, /confirmed|c1|not right/);
				const called = await post(`${path}/call`, claimed);
				assert.doesNotMatch(called.text, /confirmed|"><b>|not right/);
			}
		});

		it('unknown outcome: goes another way than a call that was refused', async () => {
			simulator.faults.add({
				match: { phoneNumber: '09123456709', operation: 'send' },
				fault: { kind: 'reset-after-placing' },
			});
			simulator.faults.add({
				match: { phoneNumber: '09123456707', operation: 'send' },
				fault: { kind: 'status', status: 400, body: { result: null, error: 'InvalidRequest' } },
			});
			const unknown = host.next('otp5-wait');
			const refused = host.next('otp5-fix');
			await press('otp5-lost');
			await press('otp5-refused');
			assert.equal(kindOf(await unknown), 'outcome-unknown');
			assert.equal(kindOf(await refused), 'refused');
		});

		it('call and wait, restart-safe: calls once, and tells how the call ended once', async () => {
			const results: Message[] = [];
			const heard = host.next('otp7-heard').then((message) => results.push(message));
			void host.next('otp7-heard').then((message) => results.push(message));
			await press('otp7-order');
			await press('otp7-order');
			await heard;
			assert.equal(at(results[0], 'payload', 'status'), 'completed');
			assert.equal(at(results[0], 'payload', 'alreadyPlaced'), true);
			// Some more looks at what is open.
			await new Promise((resolve) => setTimeout(resolve, 2_500));
			assert.equal(results.length, 1);
			assert.equal(simulator.counters.placedByNumber.get('09121110077'), 1);
		});

		it('check a code: keeps the code of a call, and says which code is right', async () => {
			const type = async (code: string, output: string): Promise<unknown> => {
				const said = host.next(output);
				await press(code);
				return at(await said, 'payload', 'reason');
			};
			const sent = host.next('otp8-sent');
			await press('otp8-call');
			const token = at(await sent, 'payload', 'verification');
			assert.match(String(token), /^c1[\w-]+$/);
			assert.equal(await type('otp8-wrong', 'otp8-no'), 'wrong-code');
			assert.equal(await type('otp8-persian', 'otp8-yes'), null);
			assert.equal(await type('otp8-right', 'otp8-no'), 'already-used');
		});

		it('call ended and nightly list: hear of a call, and find it in a list', async () => {
			const heard = host.next('otp6-heard');
			await call(dayBefore.url, 'POST', AUTOCALL_SEND_PATH, AUTOCALL_SEND);
			await dayBefore.clock.advance(10_000);
			const ended = at(await heard, 'payload');
			assert.deepEqual(
				[at(ended, 'callId'), at(ended, 'status')],
				[AUTOCALL_SEND.ref_id, 'completed'],
			);

			const listed = host.next('otp4-out');
			await press('otp4-six');
			const [header, row] = String((await listed)['payload']).split('\n');
			assert.match(String(header), /^requestedAt,phoneNumber,status/);
			assert.match(String(row), /\+84332665711,completed/);
		});
	});
});
