import assert from 'node:assert/strict';

import type { IDataObject, INode } from 'n8n-workflow';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { autocallSend, bitelSend, iranian, phones, sandboxSend, vietnamese } from './accounts';
import type { Prepared } from './accounts';
import { runNode } from './engine';
import type { NodeRun } from './engine';
import { processedValues } from './processedValues';
import { record, shown, text } from './reading';

const right = 0;
const notRight = 1;

/** The check behind a send, with its account. */
const checkBehind = ({ credentials, parameters }: Prepared, more: IDataObject = {}): Prepared => ({
	type: 'checkOtpCode',
	credentials,
	parameters: { provider: parameters['provider'] ?? '', code: '={{ $json.typed }}', ...more },
});

const jsons = (run: NodeRun, output: number): IDataObject[] =>
	(run.outputs[output] ?? []).map(({ json }) => json);

const inPersian = (code: string): string =>
	[...code].map((digit) => String.fromCharCode(0x06f0 + Number(digit))).join('');

describe('Check OTP Code in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const keeping = { generateCode: true, code: '', keepForCheck: true };

	/** What the voice has said, the latest first, without the blanks between digits. */
	const said = (): string => {
		const { text: ofBitel, code_otp } = record(
			simulator.requests.findLast(({ json }) => json)?.json,
		);
		return text(ofBitel ?? code_otp).replaceAll(' ', '');
	};

	/** Sends one call with its code kept. */
	async function sent(node: Prepared, phone = iranian(0)) {
		const run = await runNode({ ...node, items: [{ phone, code: '48213' }] });
		const [json = {}] = jsons(run, 0);
		assert.equal(run.error, undefined);
		return { run, json, verification: text(json['verification']), code: said() };
	}

	const check = async (send: Prepared, items: IDataObject[], more: IDataObject = {}) =>
		await runNode({ ...checkBehind(send, more), items });

	for (const [provider, send, phone] of [
		['Bitel', bitelSend, iranian(0)],
		['Autocall', autocallSend, vietnamese(0)],
	] as const) {
		it(`puts out a token in place of the code of ${provider}, and says that the code is right`, async () => {
			const node = send(simulator, keeping);
			const { code, json, run, verification } = await sent(node, phone);
			assert.match(code, /^\d{5,6}$/);
			assert.ok(verification.length > 100 && verification.length < 512);
			assert.equal('code' in json, false);
			// Nowhere in what n8n stores of the execution.
			assert.doesNotMatch(JSON.stringify(run.run.data), new RegExp(`(?<!\\d)${code}(?!\\d)`));

			const checked = await check(node, [{ verification, typed: code }]);
			assert.deepEqual(jsons(checked, notRight), []);
			const [result = {}] = jsons(checked, right);
			assert.equal(result['valid'], true);
			assert.equal(result['reason'], null);
			assert.equal(result['phoneNumber'], json['phoneNumber']);
			assert.deepEqual(checked.outputs[right]?.[0]?.pairedItem, { item: 0 });
		});
	}

	it('counts the tries of a code down, and takes it once', async () => {
		const node = bitelSend(simulator, keeping);
		const { code, verification } = await sent(node);
		const wrong = String((Number(code) + 1) % 100_000).padStart(5, '0');
		const first = await check(node, [{ verification, typed: wrong }]);
		assert.deepEqual(jsons(first, right), []);
		assert.deepEqual(
			jsons(first, notRight).map(({ attemptsLeft, reason, valid }) => [
				valid,
				reason,
				attemptsLeft,
			]),
			[[false, 'wrong-code', 2]],
		);
		const second = await check(node, [{ verification, typed: inPersian(code) }]);
		assert.equal(jsons(second, right).length, 1);
		const third = await check(node, [{ verification, typed: code }]);
		assert.deepEqual(
			jsons(third, notRight).map(({ reason }) => reason),
			['already-used'],
		);
	});

	it('takes the tries of one code in the order of their items, among those of many others', async () => {
		const node = bitelSend(simulator, keeping);
		const mine = await sent(node);
		const others = await sent(node, iranian(1));
		// The pause after nineteen items lies between the two tries.
		const items = Array.from({ length: 40 }, (_, n) =>
			n === 19 || n === 21
				? { verification: mine.verification, typed: n === 19 ? 'a' : mine.code }
				: { verification: others.verification, typed: 'b' },
		);
		const run = await check(node, items);
		const ofMine = [...jsons(run, right), ...jsons(run, notRight)].filter(
			({ phoneNumber }) => phoneNumber === mine.json['phoneNumber'],
		);
		assert.deepEqual(
			ofMine.map(({ attemptsLeft, reason }) => [reason, attemptsLeft]),
			[
				[null, 0],
				['wrong-code', 2],
			],
		);
	});

	it('gives a code of five digits three tries, whatever Max Attempts says', async () => {
		const node = bitelSend(simulator, keeping);
		const { code, verification } = await sent(node);
		const typed = [...'1234'].map((digit) => digit.repeat(5)).filter((each) => each !== code);
		const items = [...typed.slice(0, 3), code].map((each) => ({ verification, typed: each }));
		const run = await check(node, items, { options: { maxAttempts: 5 } });
		assert.deepEqual(
			jsons(run, notRight).map(({ reason }) => reason),
			['wrong-code', 'wrong-code', 'wrong-code', 'too-many-attempts'],
		);
	});

	it('is right once for many executions that check at the same time', async () => {
		const node = bitelSend(simulator, keeping);
		const { code, verification } = await sent(node);
		const runs = await Promise.all(
			Array.from({ length: 20 }, () => check(node, [{ verification, typed: code }])),
		);
		assert.equal(runs.flatMap((run) => jsons(run, right)).length, 1);
		assert.equal(runs.flatMap((run) => jsons(run, notRight)).length, 19);
	});

	it('is bound to number and purpose, where they are given', async () => {
		const node = bitelSend(simulator, { ...keeping, options: { purpose: 'login' } });
		const { code, verification } = await sent(node);
		const item = [{ verification, typed: code }];
		const reasons = async (options: IDataObject) =>
			jsons(await check(node, item, { options }), notRight).map(({ reason }) => reason);
		assert.deepEqual(await reasons({ purpose: 'payment' }), ['wrong-purpose']);
		assert.deepEqual(await reasons({ purpose: 'login', phoneNumber: iranian(1) }), [
			'wrong-number',
		]);
		const run = await check(node, item, { options: { purpose: 'login', phoneNumber: iranian(0) } });
		assert.equal(jsons(run, right).length, 1);
	});

	it('takes an empty phone number for another one, also when its expression finds nothing', async () => {
		const node = bitelSend(simulator, keeping);
		const { code, verification } = await sent(node);
		for (const phoneNumber of ['', '={{ $json.missing }}']) {
			const run = await check(node, [{ verification, typed: code }], { options: { phoneNumber } });
			assert.deepEqual(jsons(run, right), [], phoneNumber);
		}
	});

	it('knows no token of another account, or one that was altered', async () => {
		const node = bitelSend(simulator, keeping);
		const { code, verification } = await sent(node);
		const other = {
			...node,
			credentials: { bitelApi: { token: 'x'.repeat(40), baseUrl: simulator.url } },
		};
		const altered = `${verification.slice(0, -2)}${verification.endsWith('A') ? 'B' : 'A'}A`;
		for (const [account, token] of [
			[other, verification],
			[node, altered],
			[sandboxSend(), verification],
		] as const) {
			const run = await check(account, [{ verification: token, typed: code }]);
			assert.deepEqual(
				jsons(run, notRight).map(({ reason, phoneNumber }) => [reason, phoneNumber]),
				[['not-issued-here', null]],
			);
		}
	});

	it('checks a code of the sandbox, which needs no account', async () => {
		const node = sandboxSend({ keepForCheck: true });
		const { verification } = await sent(node);
		const run = await check(node, [{ verification, typed: '48-213' }]);
		assert.equal(jsons(run, right).length, 1);
	});

	describe('that fails', () => {
		const faulty: IDataObject[] = [{ typed: '12345' }, { verification: 'x', typed: '' }];

		for (const onError of ['continueRegularOutput', 'continueErrorOutput'] as const) {
			it(`sends nothing to Right with ${onError}`, async () => {
				const node = bitelSend(simulator);
				const run = await runNode({
					...checkBehind(node),
					items: faulty,
					settings: { onError },
				});
				assert.equal(run.run.status, 'success');
				assert.deepEqual(jsons(run, right), []);
				const failed = jsons(run, onError === 'continueErrorOutput' ? 2 : notRight);
				assert.equal(failed.length, 2);
				assert.match(text(failed[0]?.['error']), /^Verification is empty/);
			});

			it(`sends nothing to Right without a credential, with ${onError}`, async () => {
				const run = await runNode({
					...checkBehind(bitelSend(simulator)),
					credentials: {},
					items: faulty,
					settings: { onError },
				});
				assert.deepEqual(jsons(run, right), []);
			});

			it(`sends nothing to Right with Always Output Data and ${onError}`, async () => {
				const node = bitelSend(simulator, keeping);
				const { verification } = await sent(node);
				const run = await runNode({
					...checkBehind(node),
					items: [{ verification, typed: '99999' }],
					settings: { onError, alwaysOutputData: true } satisfies Partial<INode>,
				});
				assert.deepEqual(jsons(run, right), []);
			});
		}

		it('says that Always Output Data would let everybody in', async () => {
			const node = bitelSend(simulator, keeping);
			const { code, verification } = await sent(node);
			const run = await runNode({
				...checkBehind(node),
				items: [{ verification, typed: code }],
				settings: { alwaysOutputData: true },
			});
			assert.equal(run.run.status, 'error');
			assert.match(shown(run.error).message, /Always Output Data is on/);
			assert.match(shown(run.error).description, /Turn Always Output Data off/);
		});

		it('compares nothing when n8n’s database cannot be written', async () => {
			const node = bitelSend(simulator, keeping);
			const { code, verification } = await sent(node);
			processedValues.breakWith(new Error('the disk is full'));
			try {
				const run = await check(node, [{ verification, typed: code }]);
				assert.equal(run.run.status, 'error');
				assert.match(shown(run.error).message, /was not compared.*the disk is full/);
			} finally {
				processedValues.breakWith(null);
			}
			assert.equal(jsons(await check(node, [{ verification, typed: code }]), right).length, 1);
		});
	});

	it('has one output as the tool of an agent, and gives it no code', async () => {
		const node = { ...bitelSend(simulator, keeping), type: 'sendOtpCallTool' };
		const { code, json, verification } = await sent(node);
		assert.equal(JSON.stringify(json).includes(code), false);
		const tool = { ...checkBehind(node), type: 'checkOtpCodeTool' };
		const wrong = await runNode({ ...tool, items: [{ verification, typed: '00000' }] });
		assert.deepEqual(
			jsons(wrong, 0).map(({ valid }) => valid),
			[false],
		);
		const good = await runNode({ ...tool, items: [{ verification, typed: code }] });
		assert.deepEqual(
			jsons(good, 0).map(({ valid }) => valid),
			[true],
		);
	});

	it('can check the code of a call of unknown outcome', async () => {
		simulator.faults.add({ fault: { kind: 'reset-after-placing' }, times: 1 });
		const node = bitelSend(simulator, keeping);
		const run = await runNode({
			...node,
			items: phones(1),
			settings: { onError: 'continueRegularOutput' },
		});
		const details = record(jsons(run, 0)[0]?.['details']);
		assert.equal(details['kind'], 'outcome-unknown');
		const checked = await check(node, [
			{ verification: text(details['verification']), typed: said() },
		]);
		assert.equal(jsons(checked, right).length, 1);
	});

	it('can check the code of a call whose end did not come in time', async () => {
		const node = bitelSend(simulator, {
			...keeping,
			waitForResult: true,
			options: { waitTimeout: 1, pollInterval: 0.5 },
		});
		simulator.change({ talksMs: 60_000 });
		const run = await runNode({
			...node,
			items: phones(1),
			settings: { onError: 'continueRegularOutput' },
		});
		const details = record(jsons(run, 0)[0]?.['details']);
		assert.equal(details['kind'], 'wait-timeout');
		const checked = await check(node, [
			{ verification: text(details['verification']), typed: said() },
		]);
		assert.equal(jsons(checked, right).length, 1);
	});

	it('keeps the code that is read out when the next try has another one', async () => {
		simulator.faults.add({
			fault: { kind: 'status', status: 400, body: { result: null, error: 'InvalidServer' } },
			match: { phoneNumber: iranian(1) },
			times: 1,
		});
		const node = bitelSend(simulator, {
			code: '={{ String(Math.floor(10000 + Math.random() * 90000)) }}',
			keepForCheck: true,
			options: { concurrency: 1 },
		});
		const run = await runNode({
			...node,
			items: phones(2),
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		const [first = {}] = jsons(run, 0);
		const sends = simulator.requests.filter(
			({ json }) => record(json)['phoneNumber'] === iranian(0),
		);
		assert.equal(sends.length, 1);
		const typed = text(record(sends[0]?.json)['text']);
		const checked = await check(node, [{ verification: text(first['verification']), typed }]);
		assert.equal(jsons(checked, right).length, 1);
	});

	it('keeps the code that is read out when the node is tried again', async () => {
		const refusal = {
			kind: 'status',
			status: 400,
			body: { result: null, error: 'InvalidServer' },
		} as const;
		simulator.faults.add({
			fault: refusal,
			match: { phoneNumber: iranian(1) },
			times: 1,
		});
		const node = bitelSend(simulator, { ...keeping, options: { concurrency: 1 } });
		const run = await runNode({
			...node,
			items: phones(2),
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		assert.equal(run.run.status, 'success');
		const items = jsons(run, 0).map(({ phoneNumber, verification }) => ({
			verification: text(verification),
			typed: text(
				record(
					simulator.requests.findLast(
						({ json }) => record(json)['phoneNumber'] === text(phoneNumber).replace('+98', '0'),
					)?.json,
				)['text'],
			),
		}));
		assert.equal(simulator.counters.placed, 2);
		assert.equal(jsons(await check(node, items), right).length, 2);
	});
});
