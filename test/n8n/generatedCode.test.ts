import assert from 'node:assert/strict';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { autocallSend, bitelSend, phones, vietnamese } from './accounts';
import { runNode } from './engine';
import { record, text } from './reading';

describe('a code that n8n generates', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const generating = { generateCode: true, code: '' };

	it('is read out and put out, another one for each item', async () => {
		const run = await runNode({ ...bitelSend(simulator, generating), items: phones(10) });
		const codes = run.outputs[0]?.map(({ json }) => json['code']) ?? [];
		const byNumber = new Map(
			simulator.requests.map(({ json }) => {
				const { phoneNumber, text } = record(json);
				return [phoneNumber, text];
			}),
		);
		assert.deepEqual(
			codes,
			phones(10).map(({ phone }) => byNumber.get(phone)),
		);
		assert.ok(
			codes.every((code) => /^\d{5}$/.test(text(code))),
			text(codes),
		);
		assert.ok(new Set(codes).size > 5);
	});

	it('has the length and the letters that were asked for', async () => {
		const options = { codeLength: 12, codeAlphabet: 'letters-and-digits' };
		const run = await runNode({
			...autocallSend(simulator, { ...generating, options }),
			items: [{ phone: vietnamese(1) }],
		});
		assert.match(text(run.outputs[0]?.[0]?.json['code']), /^[0-9A-Z]{12}$/);
	});

	for (const [options, field] of [
		[{ codeLength: 6 }, 'codeLength'],
		[{ codeLength: 0 }, 'codeLength'],
	] as const) {
		it(`is refused for Bitel with ${JSON.stringify(options)}`, async () => {
			const run = await runNode({
				...bitelSend(simulator, { ...generating, options }),
				items: phones(1),
				settings: { onError: 'continueRegularOutput' },
			});
			const details = record(run.outputs[0]?.[0]?.json['details']);
			assert.deepEqual([details.kind, details.field], ['invalid-input', field]);
			assert.equal(simulator.counters.requests, 0);
		});
	}

	it('has digits only where the provider reads no letters, whatever was chosen for another one', async () => {
		const options = { codeAlphabet: 'letters-and-digits' };
		const node = bitelSend(simulator, { ...generating, options });
		const run = await runNode({ ...node, items: phones(1) });
		assert.match(text(run.outputs[0]?.[0]?.json['code']), /^\d{5}$/);
	});

	it('is sent with spaces where the voice reads numbers, and put out without them', async () => {
		const node = autocallSend(simulator, generating);
		const run = await runNode({ ...node, items: [{ phone: vietnamese(1) }] });
		const code = text(run.outputs[0]?.[0]?.json['code']);
		assert.match(code, /^\d{6}$/);
		const sent = simulator.requests.map(({ json }) => record(json)['code_otp']);
		assert.deepEqual(sent, [Array.from(code).join(' ')]);
	});

	it('is the only code that is ever put out', async () => {
		const run = await runNode({
			...bitelSend(simulator, { simplify: false }),
			items: [{ phone: phones(1)[0]?.phone, code: '80417' }],
		});
		assert.ok(!JSON.stringify(run.outputs).includes('80417'));
	});
});
