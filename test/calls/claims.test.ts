import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { claimLife, claimOf, placeOnce, readIdempotencyKey } from '../../calls/claims';
import type { Claim, ClaimedCall, ClaimStore } from '../../calls/claims';
import { placeCall, prepareSend } from '../../calls/send';
import type { SendInput } from '../../calls/send';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import type { Provider } from '../../providers/contract';
import { objectOf } from '../fixtures/samples';
import { autocallAccepts, autocallInput, bitelAccepts, bitelInput, freshCdr } from './samples';
import { TestHost, answerLost, answered, failing, notSent, throwing } from './testHost';
import type { Reply } from './testHost';

const secret = 'the-token-of-the-account';

/** A host's lasting store. What an execution of this process forgets stays here. */
class Store implements ClaimStore {
	readonly entries = new Map<string, Claim & { callId: string | null }>();
	readonly done: string[] = [];
	/** Which of its works fail. */
	readonly broken = new Set<string>();

	async #work(name: 'claim' | 'isClaimed' | 'settle' | 'release'): Promise<void> {
		this.done.push(name);
		if (this.broken.has(name)) throw new Error(`cannot ${name}`);
	}

	async claim(claim: Claim) {
		await this.#work('claim');
		const earlier = this.entries.get(claim.key);
		if (earlier === undefined) {
			const people = [...this.entries.values()].map(({ person }) => person);
			if (people.includes(claim.person)) return 'by-another-account' as const;
			this.entries.set(claim.key, { ...claim, callId: null });
			return null;
		}
		return {
			isSameRecipient: earlier.recipient === claim.recipient,
			isSameCode: earlier.code === claim.code,
			callId: earlier.callId,
		};
	}

	async isClaimed({ key }: Claim): Promise<boolean> {
		await this.#work('isClaimed');
		return this.entries.has(key);
	}

	async settle(claim: Claim, callId: string): Promise<void> {
		await this.#work('settle');
		this.entries.set(claim.key, { ...claim, callId });
	}

	async release({ key }: Claim): Promise<void> {
		await this.#work('release');
		this.entries.delete(key);
	}
}

const key = 'order-7 first try';
const accepted = answered(200, autocallAccepts);
const noRecord = answered(404, { error: 'Not Found' });

/** One execution that sends under the key. */
function once(
	store: ClaimStore,
	replies: readonly Reply[],
	{
		provider = autocall,
		input = provider === bitel ? bitelInput : autocallInput,
		by = secret,
	}: { readonly provider?: Provider; readonly input?: SendInput; readonly by?: string } = {},
): { readonly host: TestHost; readonly placing: Promise<ClaimedCall> } {
	const host = new TestHost(provider, replies);
	const { context } = host;
	const prepared = prepareSend(context, input);
	const claim = claimOf(key, prepared, by, 'host');
	const place = () => placeCall(context, prepared);
	return { host, placing: placeOnce(context, prepared, claim, store, place) };
}

describe('A send with an Idempotency Key', () => {
	it('is claimed before its request leaves, and noted with its call ID afterwards', async () => {
		const store = new Store();
		const before: number[] = [];
		const { host, placing } = once(store, [
			noRecord,
			() => {
				before.push(store.entries.size);
				return accepted;
			},
		]);
		const { isAlreadyPlaced, report } = await placing;
		assert.deepEqual(before, [1]);
		assert.deepEqual([isAlreadyPlaced, report.call.callId], [false, 'ABC123']);
		assert.deepEqual(store.done, ['claim', 'settle']);
		assert.deepEqual(
			[...store.entries.values()].map(({ callId }) => callId),
			['ABC123'],
		);
		assert.equal(host.sends, 1);
	});

	it('is placed when there is no claim and no record, and when records cannot be asked for', async () => {
		for (const trouble of [noRecord, answered(401), answered(200, '[]')]) {
			const { host, placing } = once(new Store(), [trouble, accepted]);
			assert.equal((await placing).isAlreadyPlaced, false);
			assert.equal(host.sends, 1);
		}
	});

	it('is not looked up before where the provider takes no reference', async () => {
		const { host, placing } = once(new Store(), [answered(200, bitelAccepts)], { provider: bitel });
		assert.equal((await placing).isAlreadyPlaced, false);
		assert.equal(host.requests.length, 1);
	});

	it('places nothing when its claim cannot be stored', async () => {
		const store = new Store();
		store.broken.add('claim');
		const { host, placing } = once(store, [accepted]);
		await assert.rejects(placing, /cannot claim/);
		assert.equal(host.requests.length, 0);
	});

	it('has been placed whatever becomes of the note about it', async () => {
		const store = new Store();
		store.broken.add('settle');
		assert.equal((await once(store, [noRecord, accepted]).placing).isAlreadyPlaced, false);
		const again = once(store, [answered(200, freshCdr())]);
		assert.equal((await again.placing).isAlreadyPlaced, true);
		assert.equal(again.host.sends, 0);
	});
});

describe('A second send under the same key', () => {
	const claimed = async (provider: Provider, accepts: Reply): Promise<Store> => {
		const store = new Store();
		await once(store, provider === autocall ? [noRecord, accepts] : [accepts], { provider })
			.placing;
		return store;
	};

	it('puts out the call of the first, found by its call ID', async () => {
		const store = await claimed(bitel, answered(200, bitelAccepts));
		const record = { ...objectOf(bitelAccepts, 'result'), status: 'NORMAL', billSec: 3 };
		const { host, placing } = once(store, [answered(200, { result: record, error: null })], {
			provider: bitel,
		});
		const { isAlreadyPlaced, report } = await placing;
		assert.deepEqual([isAlreadyPlaced, report.call.status], [true, 'completed']);
		assert.ok(host.requests[0]?.url.endsWith(`/status/${report.call.callId}`));
		assert.equal(host.sends, 0);
		assert.deepEqual(store.done, ['claim', 'settle', 'claim']);
	});

	it('finds it hours later: what is compared is number and reference', async () => {
		const store = await claimed(autocall, accepted);
		const early = freshCdr({ time_started: '2025-05-31 20:00:00' });
		const { host, placing } = once(store, [answered(200, early)]);
		assert.equal((await placing).report.call.requestedAt, '2025-05-31T20:00:00+07:00');
		assert.equal(host.sends, 0);
	});

	it('finds the call by the derived reference when the process died between request and answer', async () => {
		const store = new Store();
		// The claim is stored, the process dies, and nothing else is.
		await store.claim(
			claimOf(key, prepareSend(new TestHost(autocall).context, autocallInput), secret, 'host'),
		);
		const found = once(store, [answered(200, freshCdr())]);
		assert.equal((await found.placing).isAlreadyPlaced, true);
		assert.ok(found.host.requests[0]?.url.endsWith('/log/ABC123/ref_id'));
		assert.equal(found.host.sends, 0);
	});

	it('is already-placed when the record of the first cannot be found', async () => {
		const store = await claimed(autocall, accepted);
		const foreign = answered(200, freshCdr({ additional: { ref_id: 'ANOTHER' } }));
		const elsewhere = answered(200, freshCdr({ to_number: '0332665712' }));
		for (const reply of [noRecord, answered(500), notSent(), foreign, elsewhere]) {
			const { host, placing } = once(store, [reply]);
			const { code, facts, message } = await failing(placing, 'already-placed');
			assert.equal(code, 'already-placed');
			assert.equal(facts.callMayHaveBeenPlaced, true);
			assert.equal(facts.callId, 'ABC123');
			assert.match(message, /^A call to \+8433•••5711 was asked for with this Idempotency Key/);
			assert.match(facts.remedy, /the call ID ABC123.*another .*Idempotency Key/);
			assert.equal(host.sends, 0);
		}
		assert.ok(!store.done.includes('release'));
	});

	it('is already-placed, without a call ID, where nothing tells how to find the first', async () => {
		const store = new Store();
		const lost = once(store, [answerLost()], { provider: bitel });
		await failing(lost.placing, 'outcome-unknown');
		assert.deepEqual(store.done, ['claim']);
		const { host, placing } = once(store, [answered(200, bitelAccepts)], { provider: bitel });
		const { facts } = await failing(placing, 'already-placed');
		assert.equal(facts.callId, undefined);
		assert.match(facts.remedy, /panel, or ask the person/);
		assert.equal(host.requests.length, 0);
	});

	it('names no call ID that no call has: a way back is another one in each execution', async () => {
		const waitingFor = (wayBack: string) => ({ input: { ...autocallInput, wayBack } });
		const store = new Store();
		// Nothing to look up before: no earlier call has this reference.
		const lost = once(store, [answerLost(), noRecord], waitingFor('w1first'));
		assert.equal((await failing(lost.placing, 'outcome-unknown')).facts.callId, 'w1first');
		const { host, placing } = once(store, [accepted], waitingFor('w1second'));
		const { facts, message } = await failing(placing, 'already-placed');
		assert.equal(facts.callId, undefined);
		assert.match(message, /in the last 24 hours, and its call ID is not known here$/);
		assert.doesNotMatch(JSON.stringify(facts), /w1second/);
		assert.equal(host.requests.length, 0);
	});

	it('finds the call even when the store is lost, and claims it anew', async () => {
		await claimed(autocall, accepted);
		const empty = new Store();
		const { host, placing } = once(empty, [answered(200, freshCdr())]);
		const { isAlreadyPlaced, report } = await placing;
		assert.deepEqual([isAlreadyPlaced, report.call.status], [true, 'completed']);
		assert.equal(host.sends, 0);
		assert.equal(empty.entries.size, 1);
	});

	it('with another number or another code is refused, and leaves the claim as it is', async () => {
		for (const [change, rule] of [
			[{ phoneNumber: '0332665712' }, /was used for another phone number/],
			[{ code: 'LUAN002' }, /was used for another code/],
			[{ phoneNumber: '0332665712', code: 'LUAN002' }, /another phone number/],
		] as const) {
			const store = await claimed(autocall, accepted);
			const input = { ...autocallInput, ...change };
			const { host, placing } = once(store, [answered(200, freshCdr())], { input });
			const error = await failing(placing, 'invalid-input');
			assert.match(error.message, rule);
			assert.match(error.facts.remedy, /a new .*Idempotency Key.* for each call/);
			assert.equal(error.facts.field, 'idempotencyKey');
			assert.doesNotMatch(JSON.stringify(error.facts), /LUAN|5711|5712/);
			assert.equal(host.requests.length, 0);
			assert.equal((await once(store, [answered(200, freshCdr())]).placing).isAlreadyPlaced, true);
		}
	});

	it('by another account places nothing, and forgets its own claim', async () => {
		const store = await claimed(bitel, answered(200, bitelAccepts));
		const again = { provider: bitel, by: 'another account' };
		const { host, placing } = once(store, [answered(200, bitelAccepts)], again);
		const { facts, message } = await failing(placing, 'already-placed');
		assert.match(message, /^A call to \+9891.* with this Idempotency Key .* by another account/);
		assert.deepEqual([facts.callMayHaveBeenPlaced, facts.callId], [true, undefined]);
		assert.match(facts.remedy, /panel, or ask the person/);
		assert.equal(host.requests.length, 0);
		assert.equal(store.entries.size, 1);
		const elsewhere = { ...again, input: { ...bitelInput, phoneNumber: '09123456780' } };
		const accepts = { ...objectOf(bitelAccepts, 'result'), phoneNumber: '09123456780' };
		const other = once(store, [answered(200, { result: accepts, error: null })], elsewhere);
		assert.equal((await other.placing).isAlreadyPlaced, false);
	});

	it('by another account is placed where the first was provably not', async () => {
		const store = new Store();
		await failing(once(store, [answered(400, { error: 'no' })], { provider: bitel }).placing);
		const second = { provider: bitel, by: 'another account' };
		const placed = once(store, [answered(200, bitelAccepts)], second);
		assert.equal((await placed.placing).isAlreadyPlaced, false);
		// The first provider is well again, and the whole flow is run again.
		const again = once(store, [answered(200, bitelAccepts)], { provider: bitel });
		await failing(again.placing, 'already-placed');
		assert.equal(again.host.requests.length, 0);
	});

	it('looks the Reference ID of the user’s own up only when its key is claimed', async () => {
		const input = { ...autocallInput, fields: { ...autocallInput.fields, refId: 'ABC123' } };
		const store = new Store();
		const first = once(store, [noRecord, accepted], { input });
		assert.equal((await first.placing).isAlreadyPlaced, false);
		assert.deepEqual([first.host.requests.length, first.host.sends], [2, 1]);
		const second = once(store, [answered(200, freshCdr())], { input });
		assert.equal((await second.placing).isAlreadyPlaced, true);
		const lost = once(new Store(), [answered(200, freshCdr())], { input });
		assert.match((await failing(lost.placing, 'invalid-input')).message, /another call already/);
	});
});

describe('A key', () => {
	it('is given back when its call was provably not placed', async () => {
		for (const reply of [answered(400, { error: 'no' }), notSent('CERT_HAS_EXPIRED')]) {
			const store = new Store();
			await failing(once(store, [noRecord, reply]).placing);
			assert.deepEqual(store.done, ['claim', 'release']);
			assert.equal((await once(store, [noRecord, accepted]).placing).isAlreadyPlaced, false);
		}
	});

	it('is kept when nobody knows', async () => {
		const stopping = new TypeError('a fault of the host');
		for (const reply of [answerLost(), answered(502), answered(409), answered(200, '')]) {
			const store = new Store();
			await failing(once(store, [noRecord, reply, noRecord]).placing, 'outcome-unknown');
			assert.deepEqual(store.done, ['claim']);
		}
		const store = new Store();
		const { context } = new TestHost(bitel);
		const prepared = prepareSend(context, bitelInput);
		const claim = claimOf(key, prepared, secret, 'host');
		const failed = placeOnce(context, prepared, claim, store, () => Promise.reject(stopping));
		await assert.rejects(failed, stopping);
		assert.deepEqual(store.done, ['claim']);
	});

	it('that cannot be given back hides no error', async () => {
		const store = new Store();
		store.broken.add('release');
		const refused = answered(400, { error: 'no' });
		await failing(once(store, [noRecord, refused]).placing, 'refused');
		assert.deepEqual(store.done, ['claim', 'release']);
	});

	it('may be any text of a line that is not too long', () => {
		assert.equal(readIdempotencyKey(' order 7 '), 'order 7');
		assert.equal(readIdempotencyKey(7), '7');
		for (const none of [undefined, null, '', ' ']) assert.equal(readIdempotencyKey(none), null);
		assert.equal(readIdempotencyKey('x'.repeat(200))?.length, 200);
		for (const bad of ['x'.repeat(201), 'a\nb', {}, true, Number.NaN]) {
			const error = throwing(() => readIdempotencyKey(bad), 'invalid-input');
			assert.equal(error.facts.field, 'idempotencyKey', inspect(bad));
		}
	});

	it('is none while it is an expression that nobody has worked out', () => {
		const read = () => readIdempotencyKey('otp-{{ $json.orderId }}');
		const { facts } = throwing(read, 'invalid-input');
		assert.deepEqual([facts.field, facts.remedy], ['idempotencyKey', '‹howToEvaluate›']);
	});

	it('stands for its call for a day', () => {
		assert.equal(claimLife, 24 * 60 * 60 * 1000);
	});
});
