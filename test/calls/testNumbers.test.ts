import assert from 'node:assert/strict';

import { readAccount } from '../../calls/account';
import { claimOf, placeOnce } from '../../calls/claims';
import type { ClaimStore } from '../../calls/claims';
import type { CallContext } from '../../calls/context';
import { placeKept, prepareKeeping } from '../../calls/keeping';
import { outputOf } from '../../calls/output';
import { placeCall, prepareSend } from '../../calls/send';
import { getOtpCallStatus } from '../../calls/status';
import { readTestNumbers, stageAmong } from '../../calls/testNumbers';
import { openVerification } from '../../calls/verification';
import { waitUntilEnded } from '../../calls/wait';
import { providers } from '../../providers';
import { autocall } from '../../providers/autocall/adapter';
import type { Provider } from '../../providers/contract';
import { accountValues, numberFrom, simulatedAccounts } from '../fixtures/simulatedAccounts';
import type { SimulatedAccount } from '../fixtures/simulatedAccounts';
import { TestHost, answered, failing, throwing } from './testHost';

const codeFor = ({ codeRule }: Provider): string => (codeRule.maxLength < 6 ? '82915' : '829154');

interface Scene {
	readonly host: TestHost;
	readonly context: CallContext;
	/** A listed number with this ending. */
	readonly listed: (ending: string) => string;
}

/** An account whose numbers that begin as `listed` are test numbers. */
function sceneOf({ provider }: SimulatedAccount, testCode = codeFor(provider)): Scene {
	const endings = ['01', '02', '05', '06', '07', '08', '09', '50'];
	const listed = (ending: string): string => numberFrom(provider, 4_200_000 + Number(ending));
	const tests = readTestNumbers(provider, {
		testNumbers: endings.map(listed).join(', '),
		testCode,
	});
	const host = new TestHost(provider, [answered(500)]);
	return { host, listed, context: { ...host.context, tests } };
}

const simulatedOf = (provider: Provider): SimulatedAccount =>
	simulatedAccounts.find((simulated) => simulated.provider === provider) ?? assert.fail();

for (const simulated of simulatedAccounts) {
	const { provider, code, fields } = simulated;
	const send = (context: CallContext, phoneNumber: string) => {
		const prepared = prepareSend(context, { phoneNumber, code, fields });
		return { prepared, sending: placeCall(context, prepared) };
	};

	describe(`Test numbers of an account at ${provider.label}`, () => {
		for (const [ending, status, answeredByPerson] of [
			['50', 'completed', true],
			['01', 'busy', false],
			['02', 'no-answer', false],
			['05', 'completed', false],
			['06', 'failed', false],
		] as const) {
			it(`are never called; one that ends with ${ending} ends as ${status}`, async () => {
				const { host, context, listed } = sceneOf(simulated);
				const { sending } = send(context, listed(ending));
				const sent = await sending;
				assert.equal(sent.call.status, 'queued');
				const options = { firstLookAfter: 0, known: sent };
				const { call, raw } = await waitUntilEnded(context, sent.call.callId, options);
				assert.deepEqual([call.status, call.answered], [status, answeredByPerson]);
				assert.equal(call.provider, provider.name);
				const { callId } = call;
				const { provider: by, callId: of, test } = raw;
				assert.deepEqual([by, of, test], [provider.name, callId, true]);
				assert.equal(outputOf(sent, { simplify: true })['test'], true);
				assert.equal(host.requests.length, 0);
			});
		}

		for (const [ending, kind, mayRing] of [
			['07', 'refused', false],
			['08', 'rate-limited', false],
			['09', 'outcome-unknown', true],
		] as const) {
			it(`fail as ${kind} where they end with ${ending}, and say that it was a test`, async () => {
				const { host, context, listed } = sceneOf(simulated);
				const error = await failing(send(context, listed(ending)).sending, kind);
				assert.equal(error.facts.callMayHaveBeenPlaced, mayRing);
				assert.match(error.message, ending === '07' ? /ends with 07/ : /\(test number\)/);
				assert.equal(host.requests.length, 0);
			});
		}

		it('leave every other number to the provider', async () => {
			const { host, context } = sceneOf(simulated);
			const { prepared, sending } = send(context, numberFrom(provider, 7_700_050));
			assert.deepEqual([prepared.testCode, prepared.code], [null, code]);
			await failing(sending, 'outcome-unknown');
			assert.ok(host.sends > 0);
		});

		it('are checked like any call: the fields have to be filled in', () => {
			const { context, listed } = sceneOf(simulated);
			if (Object.keys(fields).length === 0) return;
			const input = { phoneNumber: listed('50'), code, fields: {} };
			throwing(() => prepareSend(context, input), 'invalid-input');
		});

		it('are looked up by an ID of their own without a request, also in another process', async () => {
			const { context, listed } = sceneOf(simulated);
			const { call } = await send(context, listed('01')).sending;
			assert.match(call.callId, /^test-/);
			const later = sceneOf(simulated);
			later.host.clock.pass(60_000);
			for (const by of ['reference', 'record'] as const) {
				const found = await getOtpCallStatus(later.context, call.callId, by);
				assert.deepEqual([found.call.status, found.call.test], ['busy', true]);
			}
			assert.equal(later.host.requests.length, 0);
		});

		it('are what an ID counts for: one that is made up for another number is asked of the provider', async () => {
			const { context, listed } = sceneOf(simulated);
			const { call } = await send(context, listed('50')).sending;
			const stranger = numberFrom(provider, 7_700_050);
			const number = prepareSend(context, { phoneNumber: stranger, code, fields }).phoneNumber;
			const forged = call.callId.replace(/\d{9,15}/, number.slice(1));
			const { host, context: other } = sceneOf(simulated);
			await failing(getOtpCallStatus(other, forged));
			const none = { ...other, tests: null };
			await failing(getOtpCallStatus(none, call.callId));
			const asked = host.requests.length;
			// A provider that knows the form of its own IDs refuses both without asking.
			assert.ok(asked > 0 || provider.planStatus(forged).is === 'invalid', 'it was answered here');
		});

		it('have the code of the account in place of any other, and it can be checked', async () => {
			const { context, listed } = sceneOf(simulated);
			const { prepared } = send(context, listed('50'));
			assert.deepEqual([prepared.testCode, prepared.code], [codeFor(provider), codeFor(provider)]);
			const keeping = prepareKeeping(context, prepared, { codeLifetime: '', purpose: '' });
			const { verification = '' } = await placeKept(context, prepared, keeping, async () => ({
				report: await placeCall(context, prepared),
				isAlreadyPlaced: false,
			}));
			const opened = openVerification(context, verification);
			assert.equal(opened?.isCode(codeFor(provider)), true);
			assert.equal(opened.isCode(code), false);
		});

		it('have the code of the call where the account has none', () => {
			const { context, listed } = sceneOf(simulated, '');
			assert.equal(send(context, listed('50')).prepared.code, code);
		});

		it('are what an ID counts for: another that looks like it is asked of the provider', async () => {
			const { context, listed } = sceneOf(simulated);
			const { callId } = (await send(context, listed('50')).sending).call;
			for (const other of [callId.replace('test-', 'rest-'), 'test-', 'test-1']) {
				const later = sceneOf(simulated);
				await failing(getOtpCallStatus(later.context, other));
				const isAsked = later.host.requests.length > 0;
				assert.ok(isAsked || provider.planStatus(other).is === 'invalid', 'it was answered here');
			}
		});

		it('fail with one of our errors, and call nobody, where the clock stands at 1970', async () => {
			const { host, context, listed } = sceneOf(simulated);
			host.clock.pass(-host.clock.now());
			await failing(send(context, listed('50')).sending, 'outcome-unknown');
			assert.equal(host.requests.length, 0);
		});

		it('are found again under their Idempotency Key', async () => {
			const { host, context, listed } = sceneOf(simulated);
			let kept: string | null = null;
			const store: ClaimStore = {
				claim: async () =>
					kept === null ? null : { isSameRecipient: true, isSameCode: true, callId: kept },
				isClaimed: async () => kept !== null,
				settle: async (_claim, callId) => {
					kept = callId;
				},
				release: async () => undefined,
			};
			const once = async () => {
				const { prepared } = send(context, listed('50'));
				const claim = claimOf('order-1', prepared, 'secret', 'host');
				return await placeOnce(context, prepared, claim, store, () => placeCall(context, prepared));
			};
			const first = await once();
			const second = await once();
			assert.deepEqual([first.isAlreadyPlaced, second.isAlreadyPlaced], [false, true]);
			assert.equal(second.report.call.callId, first.report.call.callId);
			assert.equal(host.requests.length, 0);
		});
	});

	describe(`The test numbers that an account at ${provider.label} is given`, () => {
		const [country] = provider.countries;
		const { example } = country;
		const read = (testNumbers: unknown, testCode: unknown = '') =>
			readTestNumbers(provider, { testNumbers, testCode });

		it('are none by default', () => {
			assert.equal(read(undefined, undefined), null);
			assert.equal(read('', '829154'), null);
			assert.equal(read(' , '), null);
		});

		it('are taken in any usual writing', () => {
			const international = `+${country.callingCode}${example.slice(1)}`;
			const numbers = read(` ${example}; ${international}،`)?.numbers;
			assert.deepEqual([...(numbers ?? [])], [international]);
		});

		it('are refused as a whole where one is none that could be called', () => {
			for (const [wrong, at] of [
				[`${example}, 12`, 2],
				['*', 1],
				[`${example} ${example}`, 1],
				['+14155550100', 1],
				[7, 1],
			] as const) {
				const { facts, message } = throwing(() => read(wrong), 'invalid-input');
				assert.match(message, new RegExp(`: number ${at} is none$`));
				assert.equal(facts.field, 'testNumbers', String(wrong));
			}
		});

		it('are refused when they are no line of text', () => {
			for (const wrong of [{}, true, [example], `${example}\n${example}`]) {
				const { facts, message } = throwing(() => read(wrong), 'invalid-input');
				assert.match(message, /^Test Numbers must be /);
				assert.equal(facts.field, 'testNumbers');
			}
		});

		it('have no code that is short, not to be read out, or tried first', () => {
			const guessed = ['1234567890', '000000', '987654', '111111', '12345', '54321'];
			const words = ['abcdef', 'FEDCBA', '1 2 3 4 5 6'];
			const others = ['1', '8291', '82 91', '8 2 9 1', '8291-54', 'x', '8'.repeat(200)];
			const signs = provider.codeRule.alphabet === 'digits' ? 'digits' : 'letters and digits';
			for (const wrong of [...guessed, ...words, ...others]) {
				const { facts, message } = throwing(() => read(example, wrong), 'invalid-input');
				assert.equal(facts.field, 'testCode', wrong);
				assert.match(facts.remedy, new RegExp(`^Choose [56] or more ${signs} by chance`));
				if (wrong.length > 3) assert.ok(!message.includes(wrong));
			}
			assert.equal(read(example, ` ${codeFor(provider)} `)?.code, codeFor(provider));
		});

		it('are not blamed for an error of the host that holds their code', () => {
			const broken = {
				get value(): string {
					throw new RangeError('The credential cannot be read');
				},
			};
			assert.throws(() => read(example, broken), RangeError);
		});

		it('are read with the account', () => {
			const values = {
				...accountValues(simulated, 'https://api.example.com'),
				testNumbers: example,
			};
			assert.equal(readAccount(provider, values).tests?.numbers.size, 1);
		});
	});
}

describe('A call to a test number', () => {
	it('is refused for what the provider would refuse before it sends anything', () => {
		const { context, listed } = sceneOf(simulatedOf(autocall));
		const fields = { ...simulatedOf(autocall).fields, refId: `order-${codeFor(autocall)}` };
		const input = { phoneNumber: listed('50'), code: 'KX80417', fields };
		const { message } = throwing(() => prepareSend(context, input), 'invalid-input');
		assert.equal(message, 'Reference ID must not contain the code');
	});

	it('has its code without the spaces with which it was typed', () => {
		const { example } = autocall.countries[0];
		const typed = { testNumbers: example, testCode: '8 2 9 1 5 4' };
		assert.equal(readTestNumbers(autocall, typed)?.code, '829154');
	});
});

describe('The stage for test numbers', () => {
	it('is a provider that lets calls go by itself', () => {
		assert.equal(providers.filter((one) => one.answerLocally !== undefined).length, 1);
		assert.equal(stageAmong(providers).name, 'sandbox');
	});

	it('is never a provider that would call the numbers', () => {
		assert.throws(() => stageAmong(providers.filter(({ name }) => name !== 'sandbox')));
	});
});
