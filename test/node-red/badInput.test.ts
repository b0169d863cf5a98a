import assert from 'node:assert/strict';

import { SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { RunningFlow, hosts } from './runningFlow';
import type { Fields, Message } from './runningFlow';

const send = {
	type: 'send-otp-call',
	phoneNumber: 'phoneNumber',
	phoneNumberType: 'msg',
	code: 'code',
	codeType: 'msg',
	repeatCount: 'repeatCount',
	repeatCountType: 'msg',
};
const status = { type: 'get-otp-call-status', callId: 'callId', callIdType: 'msg' };
const good = { phoneNumber: '09123456789', code: '80417' };

/** What a message brings, the field at fault and the rule that the error names. */
const badMessages: readonly (readonly [string, Fields, string, RegExp])[] = [
	['an empty phone number', { phoneNumber: '' }, 'phoneNumber', /is empty/],
	['a missing phone number', { phoneNumber: undefined }, 'phoneNumber', /is empty/],
	['a blank phone number', { phoneNumber: '   ' }, 'phoneNumber', /is empty/],
	['a number of another country', { phoneNumber: '+15551234567' }, 'phoneNumber', /country/],
	['a number of the other provider', { phoneNumber: '+84332665711' }, 'phoneNumber', /country/],
	['an impossible number', { phoneNumber: '0912345678' }, 'phoneNumber', /not a possible/],
	['a service number', { phoneNumber: '110' }, 'phoneNumber', /not a possible/],
	[
		'a number with a line break',
		{ phoneNumber: '09123456789\n' + '1' },
		'phoneNumber',
		/line breaks/,
	],
	['a number that is an object', { phoneNumber: {} }, 'phoneNumber', /must be text/],
	['an empty code', { code: '' }, 'code', /is empty/],
	['a missing code', { code: null }, 'code', /is empty/],
	['letters in a Bitel code', { code: '12a4' }, 'code', /digits only/],
	['six digits for Bitel', { code: '123456' }, 'code', /1 to 5/],
	['a code that is an object', { code: { a: 1 } }, 'code', /must be text/],
	['a code that is an array', { code: ['1'] }, 'code', /must be text/],
	['a code that is NaN', { code: NaN }, 'code', /must be text/],
	['a code that is true', { code: true }, 'code', /must be text/],
	['control characters in a code', { code: '12\u00003' }, 'code', /control characters/],
	['no repetition', { repeatCount: 0 }, 'repeatCount', /1 or more/],
	['a negative repetition', { repeatCount: -1 }, 'repeatCount', /1 or more/],
	['half a repetition', { repeatCount: 1.5 }, 'repeatCount', /whole number/],
	['a repetition in letters', { repeatCount: 'abc' }, 'repeatCount', /whole number/],
];

const badCallIds: readonly (readonly [string, unknown, RegExp])[] = [
	['an empty call ID', '', /is empty/],
	['a missing call ID', undefined, /is empty/],
	['a call ID with a slash', 'a/b', /must not contain/],
	['a call ID that goes up', '..', /only dots/],
	['a call ID with a query', 'a?b=c', /must not contain/],
	['a call ID with an encoded zero', '%00', /must not contain/],
	['a call ID with a line break', 'a\nb', /one line/],
	['a call ID of 10,000 characters', 'a'.repeat(10_000), /at most/],
	['a call ID that is an object', {}, /must be text/],
];

/** An account that cannot be used, the field at fault and the rule. */
const badAccounts: readonly (readonly [string, Fields, Record<string, string>, string, RegExp])[] =
	[
		['http to a public host', { baseUrl: 'http://api.example.com' }, {}, 'baseUrl', /https/],
		[
			'user info in the base URL',
			{ baseUrl: 'https://u:p@example.com' },
			{},
			'baseUrl',
			/user name/,
		],
		['a script as base URL', { baseUrl: 'javascript:alert(1)' }, {}, 'baseUrl', /https/],
		[
			'no base URL where one is needed',
			{ provider: 'autocall', baseUrl: '' },
			{},
			'baseUrl',
			/is empty/,
		],
		['no token', {}, { token: '' }, 'token', /is empty/],
		['a token with a line break', {}, { token: 'a\r\nx: y' }, 'token', /line breaks/],
		[
			'no API key',
			{ provider: 'autocall', baseUrl: 'https://a.example', authentication: 'apiKey' },
			{},
			'apiKey',
			/is empty/,
		],
		['an unknown provider', { provider: 'nobody' }, {}, 'provider', /not one that can be used/],
		['no provider', { provider: '' }, {}, 'provider', /not chosen/],
		['a limit in letters', { maxInFlight: 'many' }, {}, 'maxInFlight', /whole number/],
		['a limit of zero', { maxInFlight: 0 }, {}, 'maxInFlight', /1 or more/],
	];

/** A configuration that cannot be used. */
const badConfigurations: readonly (readonly [string, Fields, string, RegExp])[] = [
	['no account', { account: '' }, 'account', /not chosen/],
	['an account that is gone', { account: 'gone' }, 'account', /does not exist/],
	['a time limit in letters', { timeout: 'soon' }, 'timeout', /seconds/],
	['a time limit of zero', { timeout: '0' }, 'timeout', /seconds/],
	[
		'a wait without end',
		{ waitForResult: true, waitTimeout: 'Infinity' },
		'waitTimeout',
		/seconds/,
	],
	['a cool-down of minus one', { coolDownSeconds: '-1' }, 'coolDownSeconds', /whole number/],
	[
		'a code that is too long to make',
		{ generateCode: true, codeLength: '6' },
		'codeLength',
		/1 to 5/,
	],
	['an expression that is none', { code: '$$$(', codeType: 'jsonata' }, 'code', /JSONata/],
	['JSON that is none', { code: '{', codeType: 'json' }, 'code', /JSON/],
];

for (const host of hosts) {
	describe(`Bad input in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;

		before(async () => {
			simulator = await startSimulator();
		});
		after(async () => {
			await simulator.close();
		});
		afterEach(async () => {
			await flow.stop();
		});

		const start = async (
			node: Fields & { readonly type: string },
			account: Fields = {},
			secrets: Record<string, string> = {},
		) => {
			simulator.reset();
			flow = await RunningFlow.start(
				host,
				node,
				{ provider: 'bitel', baseUrl: simulator.url, authentication: 'token', ...account },
				{ token: SIMULATOR_TOKEN, ...secrets },
			);
		};
		const refuses = async (message: Message, field: string, rule: RegExp) => {
			const error = await flow.failure(message);
			// Whoever typed a number of another country has made no mistake.
			const kind = rule.source === 'country' ? 'refused-by-rule' : 'invalid-input';
			assert.equal(error.code, kind);
			assert.equal(error.cause['field'], field);
			assert.equal(error.cause['callMayHaveBeenPlaced'], false);
			assert.match(error.message, rule);
			assert.equal(simulator.counters.requests, 0);
		};

		it('is refused field by field, and the messages between are called', async () => {
			await start(send);
			for (const [what, fields, field, rule] of badMessages) {
				try {
					await refuses({ ...good, ...fields }, field, rule);
				} catch (error) {
					throw new Error(`With ${what}: ${error instanceof Error ? error.message : ''}`);
				}
			}
			const outcomes = await Promise.all(
				badMessages.flatMap(([, fields]) => [
					flow.answer({ ...good, ...fields }),
					flow.answer({ ...good }),
				]),
			);
			assert.equal(
				outcomes.filter(({ caught }) => caught === undefined).length,
				badMessages.length,
			);
			assert.equal(simulator.calls.length, badMessages.length);
		});

		it('of call IDs reaches no path of the provider', async () => {
			await start(status);
			for (const [what, callId, rule] of badCallIds) {
				try {
					await refuses({ callId }, 'callId', rule);
				} catch (error) {
					throw new Error(`With ${what}: ${error instanceof Error ? error.message : ''}`);
				}
			}
		});

		for (const [what, account, secrets, field, rule] of badAccounts) {
			it(`of an account is refused: ${what}`, async () => {
				await start(send, account, secrets);
				await refuses(good, field, rule);
			});
		}

		for (const [what, config, field, rule] of badConfigurations) {
			it(`of a node is refused: ${what}`, async () => {
				await start({ ...send, ...config });
				await refuses(good, field, rule);
			});
		}

		for (const [fields, says] of [
			[{ phoneNumber: '09123456789' }, 'is empty (taken from msg.09123456789).'],
			[{ phoneNumberType: 'flow' }, 'is empty (taken from flow.phoneNumber).'],
			[{ phoneNumberType: 'env' }, '(taken from the environment variable phoneNumber).'],
			[{ phoneNumber: '110', phoneNumberType: 'str' }, 'possible phone number of Iran.'],
		] as const) {
			it(`is named with the place where it was looked for: ${says}`, async () => {
				await start({ ...send, ...fields });
				const { message } = await flow.failure({ code: good.code });
				assert.ok(message.startsWith('Phone Number is ') && message.includes(says), message);
			});
		}

		it('never shows the code that was wrong', async () => {
			await start(send);
			const error = await flow.failure({ ...good, code: 'topsecret9' });
			assert.ok(!JSON.stringify([error, flow.statuses()]).includes('topsecret9'));
		});
	});
}
