import assert from 'node:assert/strict';

import fc from 'fast-check';

import { isAnswerTo, isNamed, isOfSend, isSameNumber } from '../../calls/identity';
import type { SentCall } from '../../calls/identity';
import { placeCall, prepareSend } from '../../calls/send';
import { getOtpCallStatus, lookUp, planLookup } from '../../calls/status';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import type { CallIdentity } from '../../providers/call';
import type { Provider } from '../../providers/contract';
import {
	autocallAccepts,
	autocallInput,
	bitelInput,
	freshCdr,
	ownReference,
	sendByAutocall,
	sendByBitel,
} from './samples';
import { TestHost, answerLost, answered, failing, notSent } from './testHost';
import type { Reply } from './testHost';

const number = '+989123456789';
const nobody: CallIdentity = { phoneNumber: null, reference: null, recordIds: [] };
const preparedAt = Date.parse('2025-06-01T08:00:00Z');
const sent: SentCall = {
	phoneNumber: number,
	reference: 'ours',
	isReferenceNew: true,
	preparedAt,
};
const minutesBefore = (minutes: number) => new Date(preparedAt - minutes * 60_000).toISOString();

describe('A number that a provider shows', () => {
	it('is the one that was called when it is the same, or when nothing of it is shown', () => {
		for (const shown of [number, null, '']) assert.equal(isSameNumber(shown, number), true);
	});

	it('is the same wherever its digits are hidden', () => {
		for (const shown of ['+98912*******', '+98*******789', '+************', '+9891234567*9']) {
			assert.equal(isSameNumber(shown, number), true, shown);
			assert.equal(isSameNumber(number, shown), true, shown);
		}
	});

	it('is another one when a digit that is shown differs', () => {
		for (const shown of ['+989123456780', '+98913*******', '+88912*******', '+9891234567*0']) {
			assert.equal(isSameNumber(shown, number), false, shown);
		}
	});

	it('is another one when it has another length, hidden or not', () => {
		for (const shown of ['+98912345678', '+9891234567890', '+98912******', '+98912********']) {
			assert.equal(isSameNumber(shown, number), false, shown);
		}
	});

	it('proves nothing in a writing that nobody can compare', () => {
		for (const shown of ['0912*******', '9989123456780', 'hidden', '+98 912', '+98912xxxxxxx']) {
			assert.equal(isSameNumber(shown, number), true, shown);
			assert.equal(isSameNumber(number, shown), true, shown);
		}
	});

	const digits = fc.stringMatching(/^[0-9]{6,14}$/);

	it('is never told from itself, whatever is hidden of either', () => {
		const hidden = fc.array(fc.boolean(), { minLength: 14, maxLength: 14 });
		const hide = (text: string, which: readonly boolean[]) =>
			`+${[...text].map((digit, at) => (which[at] === true ? '*' : digit)).join('')}`;
		fc.assert(
			fc.property(digits, hidden, hidden, (text, one, other) => {
				assert.equal(isSameNumber(hide(text, one), hide(text, other)), true);
			}),
		);
	});

	it('is told from every other one when all is shown', () => {
		fc.assert(
			fc.property(digits, digits, (one, other) => {
				assert.equal(isSameNumber(`+${one}`, `+${other}`), one === other);
			}),
		);
	});
});

describe('A record that is looked up', () => {
	const asked = 'ABC123';

	it('is the one that was asked for by the reference or by an ID that it names', () => {
		for (const by of ['reference', 'record'] as const) {
			assert.equal(isNamed({ ...nobody, reference: asked }, asked, by), true);
			assert.equal(isNamed({ ...nobody, recordIds: ['x', asked] }, asked, by), true);
			const both = { ...nobody, reference: 'OTHER', recordIds: [asked] };
			assert.equal(isNamed(both, asked, by), true);
		}
	});

	it('is another one when it names another of the kind that was asked for', () => {
		assert.equal(isNamed({ ...nobody, reference: 'OTHER' }, asked, 'reference'), false);
		assert.equal(isNamed({ ...nobody, recordIds: ['other'] }, asked, 'record'), false);
		const both = { ...nobody, reference: 'OTHER', recordIds: ['other'] };
		for (const by of ['reference', 'record'] as const) {
			assert.equal(isNamed(both, asked, by), false);
		}
	});

	it('is taken for it when it names none of that kind', () => {
		assert.equal(isNamed({ ...nobody, recordIds: ['other'] }, asked, 'reference'), true);
		assert.equal(isNamed({ ...nobody, reference: 'OTHER' }, asked, 'record'), true);
		assert.equal(isNamed(nobody, asked, 'reference'), true);
		assert.equal(isNamed(nobody, asked, 'record'), true);
	});
});

describe('An answer to a send', () => {
	it('is ours unless it names another number or another reference', () => {
		assert.equal(isAnswerTo(nobody, sent), true);
		assert.equal(isAnswerTo({ ...nobody, phoneNumber: number, reference: 'ours' }, sent), true);
		assert.equal(isAnswerTo({ ...nobody, phoneNumber: '+989120000000' }, sent), false);
		assert.equal(isAnswerTo({ ...nobody, reference: 'another' }, sent), false);
	});

	it('has a reference of its own where the provider takes none from us', () => {
		const without = { ...sent, reference: null };
		assert.equal(isAnswerTo({ ...nobody, reference: 'of the provider' }, without), true);
		assert.equal(isAnswerTo({ ...nobody, phoneNumber: '+989120000000' }, without), false);
	});
});

describe('A record, compared with a send', () => {
	const own: SentCall = { ...sent, isReferenceNew: false };

	it('is not of it when it names another call', () => {
		assert.equal(isOfSend({ ...nobody, reference: 'another' }, null, sent), false);
		assert.equal(isOfSend({ ...nobody, phoneNumber: '+989120000000' }, null, sent), false);
	});

	it('is of it whatever the clocks say, under a reference that was made for it', () => {
		for (const minutes of [-60, 0, 6, 10_000_000]) {
			assert.equal(isOfSend(nobody, minutesBefore(minutes), sent), true);
		}
	});

	it('is of an earlier call, under a reference of the user’s own, when it is over 5 minutes older', () => {
		for (const [minutes, isOurs] of [
			[-60, true],
			[0, true],
			[4.99, true],
			[5, false],
			[6, false],
			[10_000_000, false],
		] as const) {
			assert.equal(isOfSend(nobody, minutesBefore(minutes), own), isOurs, String(minutes));
		}
	});

	it('is of it when it does not say when the call was asked for', () => {
		assert.equal(isOfSend(nobody, null, own), true);
	});
});

describe('The answer to a send that names another call', () => {
	const bitelAnswer = (result: object) =>
		answered(200, { result: { id: 'b1', status: 'WAITING', ...result }, error: null });

	it('makes the outcome unknown: another number', async () => {
		for (const phoneNumber of ['09121111111', '0913*******']) {
			const { host, sending } = sendByBitel([bitelAnswer({ phoneNumber })]);
			const error = await failing(sending, 'outcome-unknown');
			assert.match(error.message, /is the answer to another call/);
			assert.equal(host.sends, 1);
		}
		const { sending } = sendByBitel([bitelAnswer({ phoneNumber: '0912*******' })]);
		assert.equal((await sending).call.callId, 'b1');
	});

	it('makes the outcome unknown: another reference, under which the record is then looked for', async () => {
		const other = answered(200, { ...autocallAccepts, ref_id: 'ANOTHER' });
		const lost = sendByAutocall([other, answered(404, { error: 'Not Found' })]);
		assert.equal((await failing(lost.sending, 'outcome-unknown')).facts.callId, 'ABC123');
		const found = sendByAutocall([other, answered(200, freshCdr())]);
		assert.equal((await found.sending).call.callId, 'ABC123');
		assert.equal(found.host.sends, 1);
	});

	it('does not come out as the record of the call', async () => {
		const foreign = freshCdr({ additional: { ref_id: 'ANOTHER' } });
		const { sending } = sendByAutocall([answerLost(), answered(200, foreign)]);
		await failing(sending, 'outcome-unknown');
	});
});

describe('A look-up that is answered with another call', () => {
	it('has found no record', async () => {
		for (const [provider, id, body] of [
			[bitel, 'b1', { result: { id: 'b2', status: 'NORMAL' }, error: null }],
			[autocall, 'ABC124', freshCdr()],
		] as const) {
			const host = new TestHost(provider, [answered(200, body)]);
			await failing(getOtpCallStatus(host.context, id), 'not-found');
		}
		const byRecord = new TestHost(autocall, [answered(200, freshCdr())]);
		await failing(getOtpCallStatus(byRecord.context, 'x-1', 'record'), 'not-found');
	});

	it('has found none either where the record is not of the send', async () => {
		const { context } = new TestHost(autocall, [answered(200, freshCdr())]);
		const { sent: ours } = prepareSend(context, autocallInput);
		const question = planLookup(context, 'ABC123');
		assert.notEqual(await lookUp(context, question, { sent: ours }), null);
		const others: readonly SentCall[] = [
			{ ...ours, phoneNumber: '+84332665712' },
			{ ...ours, reference: 'ABC124' },
			{ ...ours, isReferenceNew: false, preparedAt: ours.preparedAt + 3_600_000 },
		];
		for (const other of others) {
			assert.equal(await lookUp(context, question, { sent: other }), null);
		}
	});
});

describe('What a send is compared with', () => {
	const sentOf = (provider: Provider, input: typeof bitelInput) =>
		prepareSend(new TestHost(provider).context, input).sent;

	it('is its number, its reference and its time', () => {
		const { clock } = new TestHost(autocall);
		assert.deepEqual(sentOf(autocall, autocallInput), {
			phoneNumber: '+84332665711',
			reference: 'ABC123',
			isReferenceNew: true,
			preparedAt: clock.start,
		});
		assert.equal(sentOf(autocall, ownReference).isReferenceNew, false);
		assert.equal(sentOf(bitel, bitelInput).reference, null);
	});

	it('has a new reference for each send where nobody gives one', () => {
		const made = () => sentOf(autocall, { ...autocallInput, reference: undefined }).reference;
		assert.notEqual(made(), made());
	});
});

describe('A Reference ID of the user’s own', () => {
	const noRecord = answered(404, { error: 'Not Found' });
	const accepted = answered(200, autocallAccepts);
	const place = (replies: readonly Reply[]) => {
		const host = new TestHost(autocall, replies);
		return { host, placing: placeCall(host.context, prepareSend(host.context, ownReference)) };
	};

	it('is refused before the call when it has a record, of whatever call', async () => {
		for (const record of [freshCdr(), freshCdr({ to_number: '0332665712', time_started: '' })]) {
			const { host, placing } = place([answered(200, record), accepted]);
			const error = await failing(placing, 'invalid-input');
			assert.match(error.message, /^Reference ID belongs to another call already$/);
			assert.match(error.facts.remedy, /or leave it empty/);
			assert.equal(error.facts.field, 'refId');
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.equal(host.sends, 0);
		}
	});

	it('is looked up once, and the call is placed when there is no record of it', async () => {
		const { host, placing } = place([noRecord, accepted]);
		assert.equal((await placing).call.callId, 'ABC123');
		assert.deepEqual(
			host.requests.map(({ method }) => method),
			['GET', 'POST'],
		);
	});

	it('is used all the same when the provider cannot be asked now', async () => {
		for (const trouble of [answered(500), answerLost(), notSent(), answered(200, '<html>')]) {
			const { host, placing } = place([trouble, accepted]);
			assert.equal((await placing).call.callId, 'ABC123');
			assert.deepEqual([host.requests.length, host.sends], [2, 1]);
		}
	});

	it('keeps no call from being stopped while it is looked up', async () => {
		const host = new TestHost(autocall, [
			() => {
				host.stop.abort();
				return noRecord;
			},
			accepted,
		]);
		const placing = placeCall(host.context, prepareSend(host.context, ownReference));
		assert.equal((await failing(placing, 'canceled')).facts.callMayHaveBeenPlaced, false);
		assert.equal(host.sends, 0);
	});

	it('is the only one that is looked up', async () => {
		const { host, sending } = sendByAutocall([accepted]);
		await sending;
		assert.equal(host.requests.length, 1);
	});
});
