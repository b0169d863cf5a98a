import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import type { ClaimedCall } from '../../calls/claims';
import { checkCode, CheckMemory } from '../../calls/codeCheck';
import { OtpCallError, errorDetails } from '../../calls/errors';
import { placeKept, prepareKeeping, whileKept } from '../../calls/keeping';
import type { Keeping, KeptCall } from '../../calls/keeping';
import { outputOf } from '../../calls/output';
import { placeCall, prepareSend } from '../../calls/send';
import { openVerification } from '../../calls/verification';
import type { Verification } from '../../calls/verification';
import { waitUntilEnded } from '../../calls/wait';
import { plainWords } from '../../calls/words';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import type { Provider } from '../../providers/contract';
import { sandbox } from '../../providers/sandbox/adapter';
import { readingsOf } from '../fixtures/encodings';
import { Marks, StoppedClock } from './checks';
import { autocallAccepts, autocallInput, bitelAccepts, bitelInput, freshCdr } from './samples';
import { TestHost, answerLost, answered, failing, notSent, throwing } from './testHost';
import type { Reply } from './testHost';

const keeping: Keeping = { lifetime: 300_000, purpose: 'login' };

const inputFor = (provider: Provider) =>
	provider === autocall ? autocallInput : { ...bitelInput, code: '80417' };

/** A host that places one call, and keeps its code. */
function keep(provider: Provider, replies: readonly Reply[], how: Keeping | null = keeping) {
	const host = new TestHost(provider, replies);
	const { context } = host;
	const prepared = prepareSend(context, inputFor(provider));
	const placing = placeKept(context, prepared, how, async () => ({
		report: await placeCall(context, prepared),
		isAlreadyPlaced: false,
	}));
	const open = (token: unknown): Verification => {
		assert.ok(typeof token === 'string');
		return openVerification(context, token) ?? assert.fail('it does not open');
	};
	return { host, prepared, placing, open };
}

const tokenOf = async (placing: Promise<KeptCall>): Promise<string> =>
	(await placing).verification ?? assert.fail('there is none');

describe('The code of a send that is kept for a check', () => {
	it('is sealed with number, purpose and lifetime, counted from the send on', async () => {
		for (const [provider, accepts] of [
			[bitel, bitelAccepts],
			[autocall, autocallAccepts],
		] as const) {
			const { host, open, placing, prepared } = keep(provider, [
				() => {
					host.clock.pass(9_000);
					return answered(200, accepts);
				},
			]);
			const token = open(await tokenOf(placing));
			assert.equal(token.expiresAt, host.clock.start + 300_000);
			assert.deepEqual([token.phoneNumber, token.purpose], [prepared.phoneNumber, 'login']);
			assert.ok(token.isCode(prepared.code));
		}
	});

	it('is put out as a token in place of the code', async () => {
		const { placing } = keep(bitel, [answered(200, bitelAccepts)]);
		const { report, verification } = await placing;
		const output = outputOf(report, { simplify: false, generatedCode: '80417', verification });
		assert.equal(output['verification'], verification);
		assert.equal(output['code'], undefined);
		assert.deepEqual(Object.keys(output).slice(-2), ['verification', 'raw']);
		const without = outputOf(report, { simplify: true, generatedCode: '80417' });
		assert.equal(without['code'], '80417');
		assert.ok(!('verification' in without));
	});

	it('comes out in no writing, though the provider gives it back', async () => {
		const record = freshCdr({
			note: 'read LUAN001 out',
			additional: { ref_id: 'ABC123', code_otp: 'LUAN001' },
		});
		for (const reply of [
			answered(200, record),
			answered(200, { ...autocallAccepts, note: 'LUAN001' }),
		]) {
			const { placing } = keep(autocall, [reply, answered(200, record)]);
			const { report, verification } = await placing;
			const seen = JSON.stringify(
				outputOf(report, { simplify: false, generatedCode: 'LUAN001', verification }),
			);
			assert.ok(seen.includes('"raw":'));
			assert.ok(!readingsOf(seen).includes('LUAN001'), seen);
		}
	});

	it('is not sealed where it is not kept', async () => {
		const { host, placing } = keep(bitel, [answered(200, bitelAccepts)], null);
		const placed = await placing;
		assert.deepEqual([placed.verification, placed.isAlreadyPlaced], [undefined, false]);
		assert.equal(host.sends, 1);
		const lost = keep(bitel, [answerLost()], null);
		assert.ok(!('verification' in (await failing(lost.placing, 'outcome-unknown')).facts));
	});

	it('is right when the person types it, while the sandbox calls', async () => {
		const { host, placing } = keep(sandbox, []);
		const verification = await tokenOf(placing);
		const clock = new StoppedClock();
		const check = (code: string) => {
			const input = { verification, code, purpose: 'login' };
			return checkCode({ ...host.context, clock }, new Marks(), input, new CheckMemory());
		};
		assert.equal((await check('80418')).reason, 'wrong-code');
		assert.equal((await check('۸۰۴۱۷')).valid, true);
		clock.pass(300_000);
		assert.equal((await check('80417')).reason, 'expired');
	});
});

describe('An error of a send whose code is kept', () => {
	it('has the token when the phone may ring: whoever hears the code can type it', async () => {
		for (const [provider, reply] of [
			[bitel, answerLost()],
			[bitel, answered(502)],
			[autocall, answered(200, '')],
		] as const) {
			const { host, open, placing, prepared } = keep(provider, [reply, answered(404)]);
			const error = await failing(placing, 'outcome-unknown');
			const { verification } = errorDetails(error, plainWords);
			const token = open(verification);
			assert.ok(token.isCode(prepared.code));
			assert.equal(token.expiresAt, host.clock.start + 300_000);
			assert.equal(error.facts.callId, provider === autocall ? 'ABC123' : undefined);
			assert.match(error.message, /phone may (still )?ring/);
			assert.ok(!readingsOf(inspect(error) + error.stack).includes(prepared.code));
		}
	});

	it('has the tries of the call, where its record turns up later', async () => {
		const lost = keep(autocall, [answerLost(), answered(404)]);
		const id = lost.open((await failing(lost.placing)).facts.verification).id;
		const found = keep(autocall, [answerLost(), answered(200, freshCdr())]);
		assert.equal(found.open(await tokenOf(found.placing)).id, id);
		const nameless = keep(bitel, [answerLost()]);
		const other = keep(bitel, [answerLost()]);
		const ids = [nameless, other].map(
			async ({ open, placing }) => open((await failing(placing)).facts.verification).id,
		);
		assert.equal(new Set(await Promise.all(ids)).size, 2);
	});

	it('has none when provably no phone rings', async () => {
		for (const reply of [
			answered(400, { error: 'no' }),
			notSent('CERT_HAS_EXPIRED'),
			answered(401),
		]) {
			const { placing } = keep(bitel, [reply]);
			assert.ok(!('verification' in (await failing(placing)).facts));
		}
	});

	it('that is none of ours is passed on as it is', async () => {
		const { context } = new TestHost(bitel);
		const prepared = prepareSend(context, inputFor(bitel));
		const fault = new TypeError('a fault of the host');
		const failed = placeKept(context, prepared, keeping, () => Promise.reject(fault));
		await assert.rejects(failed, fault);
	});
});

describe('A call whose code is kept, and that is waited for', () => {
	const waiting = async (replies: readonly Reply[], stop = false) => {
		const { host, placing } = keep(bitel, [answered(200, bitelAccepts), ...replies]);
		const { report, verification } = await placing;
		if (stop) host.stop.abort();
		const error = await failing(
			whileKept(verification, () =>
				waitUntilEnded(host.context, report.call.callId, {
					firstLookAfter: 0,
					waitTimeout: 5_000,
					known: report,
				}),
			),
		);
		return { error, verification };
	};

	it('has the token in every error that ends the wait', async () => {
		for (const [replies, kind, stop] of [
			[[answered(200, bitelAccepts)], 'wait-timeout', false],
			[[answered(401)], 'not-authorized', false],
			[[answered(200, bitelAccepts)], 'canceled', true],
		] as const) {
			const { error, verification } = await waiting(replies, stop);
			assert.equal(error.code, kind);
			assert.ok(verification !== undefined);
			assert.equal(error.facts.verification, verification);
			assert.ok(error.facts.callId !== undefined);
		}
	});

	it('keeps every other error as it is', async () => {
		const none = new OtpCallError({
			kind: 'refused',
			message: 'no',
			remedy: 'no',
			callMayHaveBeenPlaced: false,
		});
		const foreign = new TypeError('a fault');
		for (const error of [none, foreign]) {
			await assert.rejects(
				whileKept('c1', () => Promise.reject(error)),
				error,
			);
		}
		const placed = new OtpCallError({ ...none.facts, callMayHaveBeenPlaced: true });
		await assert.rejects(
			whileKept(undefined, () => Promise.reject(placed)),
			placed,
		);
		assert.equal(await whileKept('c1', async () => 7), 7);
		assert.equal(await whileKept(undefined, async () => 8), 8);
	});
});

describe('A call that an earlier send under the same key has placed', () => {
	const again = async (requestedAt: string | null, lifetime = 300_000) => {
		const { host, open, placing, prepared } = keep(autocall, [answered(200, autocallAccepts)], {
			...keeping,
			lifetime,
		});
		const first = await placing;
		host.clock.pass(120_000);
		const { report } = first;
		const found: ClaimedCall = {
			isAlreadyPlaced: true,
			report: { ...report, call: { ...report.call, requestedAt } },
		};
		const second = placeKept(host.context, prepared, keeping, async () => found);
		return { first, host, open, second };
	};

	it('has a token that shares the tries of the first, and expires no later', async () => {
		const { first, open, second } = await again('2025-06-01T15:00:01+07:00');
		const { isAlreadyPlaced, verification } = await second;
		assert.equal(isAlreadyPlaced, true);
		const before = open(first.verification);
		const now = open(verification);
		assert.equal(now.id, before.id);
		assert.ok(now.isCode('LUAN001'));
		assert.equal(now.expiresAt, Date.parse('2025-06-01T08:05:01Z'));
	});

	it('has a token that has expired, when the call is long past', async () => {
		const { host, open, second } = await again('2025-05-31T20:00:00+07:00');
		assert.ok(open((await second).verification).expiresAt < host.clock.now());
	});

	it('is not taken for one of the future when the provider’s clock is ahead', async () => {
		const { host, open, second } = await again('2025-06-01T09:00:00Z');
		assert.equal(open((await second).verification).expiresAt, host.clock.now() + 300_000);
	});

	it('is an error that says what to do, when nobody knows when it was', async () => {
		for (const unknown of [null, 'yesterday']) {
			const { first, second } = await again(unknown);
			const { code, facts, message } = await failing(second, 'already-placed');
			assert.match(message, /^A call to \+8433•••5711 was placed with this Idempotency Key before/);
			assert.match(facts.remedy, /Check the code with what the first send put out/);
			assert.equal(facts.callId, first.report.call.callId);
			assert.equal(facts.call?.callId, 'ABC123');
			assert.deepEqual([code, facts.callMayHaveBeenPlaced], ['already-placed', true]);
			assert.ok(!('verification' in facts));
		}
	});

	it('and whose record cannot be found has no new token', async () => {
		const { context } = new TestHost(autocall);
		const prepared = prepareSend(context, autocallInput);
		const error = new OtpCallError({
			kind: 'already-placed',
			message: 'A call was asked for',
			remedy: 'Nothing was sent now',
			callId: 'ABC123',
			callMayHaveBeenPlaced: true,
		});
		const placing = placeKept(context, prepared, keeping, () => Promise.reject(error));
		await assert.rejects(placing, error);
	});
});

describe('How a code is kept', () => {
	const { context } = new TestHost(autocall);
	const read = (codeLifetime: unknown, purpose: unknown, code = '482913', account = context) =>
		prepareKeeping(account, { code }, { codeLifetime, purpose });

	it('is five minutes without a purpose, where nothing is filled in', () => {
		for (const none of [undefined, null, '']) {
			assert.deepEqual(read(none, none), { lifetime: 300_000, purpose: '' });
		}
	});

	it('is 10 seconds to 10 minutes, for a purpose of one line', () => {
		assert.deepEqual(read(10, 'login'), { lifetime: 10_000, purpose: 'login' });
		assert.deepEqual(read('600', ' 7 '), { lifetime: 600_000, purpose: '7' });
		for (const bad of [9, 601, 0, -1, 'long', Number.NaN, Number.POSITIVE_INFINITY]) {
			const error = throwing(() => read(bad, ''), 'invalid-input');
			assert.match(error.message, /^Code Lifetime must be a number of seconds from 10 to 600$/);
			assert.equal(error.facts.field, 'codeLifetime');
		}
		for (const bad of ['x'.repeat(81), 'a\nb', {}]) {
			assert.equal(throwing(() => read(300, bad), 'invalid-input').facts.field, 'purpose');
		}
	});

	it('is refused for a code that is soon guessed', () => {
		for (const code of ['1', '123', '1 2 3', 'AB1']) {
			const error = throwing(() => read('', '', code), 'invalid-input');
			assert.match(error.message, /^Code must have at least 4 characters with Keep for Check/);
			assert.match(error.facts.remedy, /Use a code of 6 digits/);
			assert.equal(error.facts.field, 'code');
			assert.ok(!JSON.stringify(error.facts).includes(code) || code === '1');
		}
		for (const code of ['1234', '1 2 3 4', 'AB12']) assert.equal(read('', '', code).purpose, '');
	});

	it('is refused for an account without a secret', () => {
		const nobody = { ...context, lastingSecret: '' };
		const error = throwing(() => read('', '', '482913', nobody), 'invalid-input');
		assert.match(
			error.message,
			/^Account has no secret, so that anybody could make what Keep for Check/,
		);
		assert.match(error.facts.remedy, /Choose another ‹account›/);
	});
});
