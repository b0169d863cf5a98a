import assert from 'node:assert/strict';

import fc from 'fast-check';

import { claimOf } from '../../calls/claims';
import type { Claim, ClaimStore } from '../../calls/claims';
import { checkRules, placeAllowed, readRules } from '../../calls/rules';
import { placeCall, prepareSend } from '../../calls/send';
import { bitel } from '../../providers/bitel/adapter';
import type { Provider } from '../../providers/contract';
import { sandbox } from '../../providers/sandbox/adapter';
import { bitelAccepts, bitelInput } from './samples';
import { TestHost, answered, failing, notSent, throwing } from './testHost';

/** What a node has been told, all else empty. */
const rulesOf = (values: { callingHours?: unknown; doNotCall?: unknown }, provider = bitel) =>
	readRules(provider, { callingHours: '', doNotCall: '', ...values });

const numbersIn = (doNotCall: unknown, provider: Provider = bitel): readonly string[] => [
	...rulesOf({ doNotCall }, provider).doNotCall,
];

describe('A do-not-call list', () => {
	const number = '+989123456789';

	it('takes numbers in any writing, with commas or line breaks between them, or as a list', () => {
		for (const list of [
			'09123456789',
			' +98 912 345 6789 ,\n',
			'02188887777; ۰۹۱۲۳۴۵۶۷۸۹',
			'00989123456789\r\n\r\n02188887777',
			'02188887777\t0912-345-6789',
			'02188887777،09123456789',
			'02188887777, , 09123456789',
			9123456789,
			['0912 345 6789'],
			[2188887777, 989123456789],
		]) {
			assert.ok(numbersIn(list).includes(number), JSON.stringify(list));
		}
		for (const none of ['', ' \n ', ',;', []]) assert.deepEqual(numbersIn(none), []);
	});

	it('passes over numbers of countries that the provider does not call', () => {
		const list = ['+84 332 665 711', '0044 20 7946 0958', '+989123456789'];
		assert.deepEqual(numbersIn(list), [number]);
		const [vietnamese = ''] = list;
		assert.deepEqual(numbersIn(vietnamese), []);
		assert.deepEqual(numbersIn(vietnamese, sandbox), ['+84332665711']);
	});

	it('says which entry is no number, and lets no call pass', () => {
		const bad: readonly (readonly [unknown, number])[] = [
			['09123456789, 0912', 2],
			['\n09123456789\n\nAli\n', 2],
			['+98', 1],
			['+9', 1],
			// Iran's 98 was forgotten: read as a number of India it would never be found.
			['+9123456789', 1],
			['009123456789', 1],
			['0332665711', 1],
			[['09123456789', null], 2],
			[[undefined], 1],
			[[''], 1],
			[[{ phone: '09123456789' }], 1],
			[[['09123456789']], 1],
			[[true], 1],
			[[1.5], 1],
			['09123456789 02188887777', 1],
		];
		for (const [list, at] of bad) {
			const { facts, message } = throwing(() => numbersIn(list), 'invalid-input');
			assert.match(message, new RegExp(`no call is placed: entry ${at} is no phone number$`));
			assert.match(facts.remedy, new RegExp(`entry ${at} of .*09123456789`));
			assert.deepEqual([facts.field, facts.callMayHaveBeenPlaced], ['doNotCall', false]);
			assert.doesNotMatch(JSON.stringify(facts), /Ali|332665|0912,/);
		}
	});

	it('that does not come at all is an error, and no empty list', () => {
		for (const nothing of [undefined, null, {}, true, Number.NaN, () => '09123456789']) {
			const { facts, message } = throwing(() => numbersIn(nothing), 'invalid-input');
			assert.match(message, /Do-Not-Call List holds no numbers.* no call is placed$/);
			assert.equal(facts.field, 'doNotCall');
		}
		const { message } = throwing(() => numbersIn('{{ $json.list }}'), 'invalid-input');
		assert.match(message, /plain text/);
	});

	it('that a form holds is read once for all items of a batch, and again for another provider', () => {
		const form = { doNotCall: '09123456789, +84332665711' };
		const first = rulesOf(form).doNotCall;
		assert.equal(rulesOf(form).doNotCall, first);
		assert.deepEqual([...rulesOf(form, sandbox).doNotCall], ['+989123456789', '+84332665711']);
		assert.deepEqual([...rulesOf(form).doNotCall], [...first]);
	});

	it('from the flow counts as it is when the call is placed, also where it has grown since', () => {
		const list = ['02188887777'];
		assert.equal(numbersIn(list).includes(number), false);
		list.push('09123456789');
		assert.ok(numbersIn(list).includes(number));
	});

	it('holds a number however it and the list are written', () => {
		const people = fc.stringMatching(/^9[0-9]{9}$/);
		const writing = fc.constantFrom('0', '+98', '0098', '98', '');
		const separator = fc.constantFrom(',', '\n', ';', ' ,\r\n ');
		const others = fc.array(people, { maxLength: 5 });
		fc.assert(
			fc.property(people, others, writing, writing, separator, (one, rest, a, b, between) => {
				const list = [...rest, one, ...rest].map((digits) => `${a}${digits}`);
				const { doNotCall } = rulesOf({ doNotCall: list.join(between) });
				const { context } = new TestHost(bitel);
				const { phoneNumber } = prepareSend(context, { ...bitelInput, phoneNumber: `${b}${one}` });
				assert.ok(doNotCall.has(phoneNumber));
				assert.deepEqual([...numbersIn(list)], [...doNotCall]);
				assert.equal(doNotCall.size, new Set([...rest, one]).size);
			}),
		);
	});
});

const key = 'order-7';

/** A store of one claim; `claims` are those that it was told, `asked` what it was asked. */
function storeOf(claims: Claim[] = []) {
	const asked: string[] = [];
	const store: ClaimStore = {
		claim: async (claim) => {
			asked.push('claim');
			const [earlier] = claims;
			claims.push(claim);
			return earlier === undefined
				? null
				: { isSameRecipient: true, isSameCode: true, callId: 'f'.repeat(24) };
		},
		isClaimed: async () => {
			asked.push('isClaimed');
			return claims.length > 0;
		},
		settle: async () => undefined,
		release: async () => {
			asked.push('release');
			claims.pop();
		},
	};
	return { asked, store };
}

/** A send at a time of Iran's clock. */
function sceneAt(
	time: string,
	values: { callingHours?: unknown; doNotCall?: unknown },
	{ claims, tests }: { claims?: Claim[]; tests?: string } = {},
) {
	const host = new TestHost(bitel, [answered(200, bitelAccepts)]);
	host.clock.pass(Date.parse(`2026-03-01T${time}+03:30`) - host.clock.now());
	const context = {
		...host.context,
		...(tests !== undefined && { tests: { numbers: new Set([tests]), code: null } }),
	};
	const prepared = prepareSend(context, bitelInput);
	const rules = rulesOf(values);
	const { asked, store } = storeOf(claims);
	const claim = claimOf(key, prepared, 'secret', 'host');
	const claimed = claims === undefined ? null : { claim, store };
	let placed = 0;
	const place = async () => {
		placed += 1;
		return await placeCall(context, prepared);
	};
	return {
		host,
		asked,
		check: () => checkRules(context, prepared, rules, claimed),
		run: () => placeAllowed(context, prepared, rules, claimed, place),
		placed: () => placed,
	};
}

const workday = { callingHours: '08:00-21:00' };
const listed = { doNotCall: ['0912 345 6789'] };

describe('Calling hours that cannot be read', () => {
	it('let no call pass, and the field is named', () => {
		for (const [callingHours, message] of [
			['25-26', /^Calling Hours must be two times of the day/],
			['{{ $json.hours }}', /^Calling Hours holds {{ … }} as plain text/],
		] as const) {
			const error = throwing(() => rulesOf({ callingHours }), 'invalid-input');
			assert.match(error.message, message);
			assert.equal(error.facts.field, 'callingHours');
		}
	});
});

describe('A call that a rule of the node forbids', () => {
	for (const [what, values, message, retryAfter] of [
		[
			'outside the calling hours',
			workday,
			/^\+98912•••6789 is not called now: it is 23:15 in Iran, and Calling Hours are 08:00–21:00$/,
			8.75 * 3_600,
		],
		['to a number on the list', listed, /^\+98912•••6789 is on the Do-Not-Call List$/, undefined],
	] as const) {
		it(`${what} is refused before anything is sent, claimed or counted`, async () => {
			for (const claims of [undefined, []]) {
				const { asked, check, host, placed, run } = sceneAt('23:15:00', values, {
					...(claims && { claims }),
				});
				for (const refused of [check, run]) {
					const error = await failing(refused(), 'refused-by-rule');
					assert.match(error.message, message);
					assert.equal(error.facts.callMayHaveBeenPlaced, false);
					assert.equal(error.facts.retryAfterSeconds, retryAfter);
					assert.equal(error.facts.field, Object.keys(values)[0]);
				}
				assert.deepEqual([host.requests.length, placed()], [0, 0]);
				assert.ok(!asked.includes('claim'));
			}
		});
	}

	it('says when it is allowed again, on the clock of the person', async () => {
		for (const time of ['23:15:00', '23:15:00.600']) {
			const { facts } = await failing(sceneAt(time, workday).run(), 'refused-by-rule');
			assert.match(facts.remedy, /^Send it again in 31500 seconds, when it is 08:00 in Iran/);
		}
	});

	it('is placed where no rule forbids it', async () => {
		for (const [time, values] of [
			['23:15:00', {}],
			['20:59:00', workday],
			['12:00:00', { ...workday, doNotCall: '09123456780' }],
		] as const) {
			const { check, host, run } = sceneAt(time, values);
			await check();
			assert.equal((await run()).isAlreadyPlaced, false);
			assert.equal(host.sends, 1);
		}
	});

	it('is put out all the same where its key stands for a call that is placed: nothing is sent', async () => {
		for (const values of [workday, listed]) {
			const { context } = new TestHost(bitel);
			const earlier = claimOf(key, prepareSend(context, bitelInput), 'secret', 'host');
			const { check, host, placed, run } = sceneAt('23:15:00', values, { claims: [earlier] });
			await check();
			await failing(run(), 'already-placed');
			assert.deepEqual([placed(), host.sends], [0, 0]);
		}
	});

	it('is not placed either when the call of its key comes to nothing in that moment', async () => {
		const { context } = new TestHost(bitel);
		const prepared = prepareSend(context, bitelInput);
		const claims = [claimOf(key, prepared, 'secret', 'host')];
		const { asked, host, placed, run } = sceneAt('23:15:00', workday, { claims });
		const running = run();
		// The first send fails, and gives the key back, after the second has asked for it.
		claims.pop();
		const error = await failing(running, 'refused-by-rule');
		assert.match(error.message, /Calling Hours/);
		assert.deepEqual([placed(), host.sends], [0, 0]);
		assert.deepEqual(asked, ['isClaimed', 'claim', 'release']);
	});

	it('is placed when it is to a test number, whatever the hour: nobody is woken', async () => {
		const tests = '+989123456789';
		const { host, run } = sceneAt('23:15:00', workday, { tests });
		assert.equal((await run()).report.call.test, true);
		await failing(sceneAt('12:00:00', listed, { tests }).run(), 'refused-by-rule');
		assert.equal(host.requests.length, 0);
	});

	it('is refused by the sandbox as by a real provider', async () => {
		const { clock, context } = new TestHost(sandbox);
		clock.pass(Date.parse('2026-03-01T05:00:00+07:00') - clock.now());
		const prepared = prepareSend(context, { ...bitelInput, phoneNumber: '0332665711' });
		for (const values of [workday, { doNotCall: '+84332665711' }]) {
			const rules = rulesOf(values, sandbox);
			const place = () => placeCall(context, prepared);
			await failing(placeAllowed(context, prepared, rules, null, place), 'refused-by-rule');
		}
	});

	it('lets a call that was provably not placed be tried again under its key', async () => {
		const claims: Claim[] = [];
		const { host } = sceneAt('12:00:00', workday);
		const down = new TestHost(bitel, [notSent('CERT_HAS_EXPIRED')]);
		const prepared = prepareSend(host.context, bitelInput);
		const { store } = storeOf(claims);
		const claimed = { claim: claimOf(key, prepared, 'secret', 'host'), store };
		const sending = (of: TestHost) =>
			placeAllowed(of.context, prepared, rulesOf({}), claimed, () =>
				placeCall(of.context, prepared),
			);
		await failing(sending(down), 'unreachable');
		assert.equal((await sending(host)).isAlreadyPlaced, false);
	});
});

describe('The countries that a user allows', () => {
	const sendTo = (phoneNumber: unknown, allowedCountries: unknown, provider = sandbox) =>
		prepareSend(new TestHost(provider).context, { ...bitelInput, phoneNumber, allowedCountries });

	it('are all that the provider calls, unless some are chosen', () => {
		for (const all of [undefined, null, '', [], ['VN', 'IR'], 'ir, vn']) {
			assert.equal(sendTo('09123456789', all).phoneNumber, '+989123456789');
			assert.equal(sendTo('0332665711', all).phoneNumber, '+84332665711');
		}
	});

	it('are not asked for a provider that calls one: what is left was chosen for another', () => {
		for (const left of [['IR'], ['VN'], 'DE']) {
			assert.equal(sendTo('09123456789', left, bitel).phoneNumber, '+989123456789');
		}
	});

	it('refuse a number of another one by rule, and its writing is read as one of them first', () => {
		for (const vietnam of [['VN'], 'VN', ' vn ']) {
			for (const number of ['09123456789', '+98 912 345 6789']) {
				const { facts, message } = throwing(() => sendTo(number, vietnam), 'refused-by-rule');
				assert.equal(message, 'Phone Number is of Iran, and Allowed Countries are only Vietnam');
				assert.deepEqual([facts.field, facts.callMayHaveBeenPlaced], ['phoneNumber', false]);
			}
			// A landline of Tehran for whoever calls Iran.
			assert.equal(sendTo('02873003586', vietnam).phoneNumber, '+842873003586');
			throwing(() => sendTo('+44 20 7946 0958', vietnam), 'refused-by-rule');
			throwing(() => sendTo('110', vietnam), 'invalid-input');
		}
		assert.equal(sendTo('02873003586', undefined).phoneNumber, '+982873003586');
	});

	it('are refused when the provider does not call them: nothing is called by mistake', () => {
		const rule = /^Allowed Countries must be countries that Sandbox calls: IR or VN$/;
		for (const [allowed, message] of [
			...[['DE'], 'Iran', {}, [null], true].map((wrong) => [wrong, rule] as const),
			['{{ $json.countries }}', /^Allowed Countries holds {{ … }} as plain text/] as const,
		]) {
			const error = throwing(() => sendTo('09123456789', allowed), 'invalid-input');
			assert.match(error.message, message);
			assert.equal(error.facts.field, 'allowedCountries');
		}
	});
});

describe('A number of a country that the provider does not call', () => {
	const sendTo = (phoneNumber: unknown) => () =>
		prepareSend(new TestHost(bitel).context, { ...bitelInput, phoneNumber });

	it('is refused by rule, with the countries that it does call', () => {
		for (const number of [
			'+84332665711',
			'0084 332 665 711',
			'+44 20 7946 0958',
			'＋84332665711',
			// None is shorter: Saint Helena.
			'+290 23456',
		]) {
			const { facts, message } = throwing(sendTo(number), 'refused-by-rule');
			assert.match(message, /of a country that Bitel does not call; it calls Iran$/);
			assert.deepEqual([facts.field, facts.callMayHaveBeenPlaced], ['phoneNumber', false]);
		}
	});

	it('is told apart from what is no number of any country', () => {
		for (const number of [
			'0332665711',
			'+9',
			'+290 2345',
			'+9123456789',
			'009123456789',
			'110',
			'',
			undefined,
			'Ali',
			['+84332665711'],
		]) {
			throwing(sendTo(number), 'invalid-input');
		}
	});
});
