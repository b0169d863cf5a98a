import assert from 'node:assert/strict';

import { claimLife } from '../../calls/claims';
import { clock } from '../../node-red/host/clock';
import { claimStoreOf } from '../../node-red/host/claimStore';
import { lastingOf } from '../../node-red/host/contextStore';
import { CoolDownStore } from '../../node-red/host/coolDownStore';
import { markStoreOf } from '../../node-red/host/markStore';
import { EndedCalls } from '../../node-red/host/endedCalls';
import { instanceIdOf } from '../../node-red/host/instance';

type Answer = (error: unknown, value?: unknown) => void;

/** A context store that answers later, as files without a cache and Redis do. */
function laterStore(milliseconds: number) {
	const values = new Map<string, Map<string, unknown>>();
	const split = (path: string) => {
		const [place = '', key] = path.split('.');
		const entries = values.get(place) ?? new Map<string, unknown>();
		values.set(place, entries);
		return { entries, key };
	};
	const later = (run: () => void) => setTimeout(run, milliseconds * Math.random());
	const global = {
		get(path: string, _store: unknown, answer: Answer) {
			later(() => {
				const { entries, key } = split(path);
				answer(null, key === undefined ? Object.fromEntries(entries) : entries.get(key));
			});
		},
		set(path: string, value: unknown, _store: unknown, answer: Answer) {
			later(() => {
				const { entries, key = '' } = split(path);
				if (value === undefined) entries.delete(key);
				else entries.set(key, value);
				answer(null);
			});
		},
	};
	return { node: { context: () => ({ global }) }, values };
}

type StoreNode = ConstructorParameters<typeof CoolDownStore>[0];

describe('A context store that answers later', () => {
	// What the stores use of a node is its context.
	const open = (milliseconds = 3) => {
		const { node, values } = laterStore(milliseconds);
		return { node: node as unknown as StoreNode, values };
	};

	it('lets no number be called twice, though it is tidied meanwhile', async () => {
		const { node } = open();
		const store = new CoolDownStore(node, 'later');
		const limits = { coolDown: { seconds: 600, perHour: 0 }, budget: null };
		const now = Date.now();
		// Entries that no longer count, which the tidying is to find.
		const old = now - 3_600_000;
		const number = (index: number) => `+98912${String(1_000_000 + index)}`;
		await Promise.all(
			Array.from({ length: 450 }, (_, index) => store.reserve(number(index), limits, 's', old)),
		);
		const reserved = await Promise.all(
			Array.from({ length: 900 }, (_, index) =>
				store.reserve(number(index % 450), limits, 's', now).then(
					() => 1,
					() => 0,
				),
			),
		);
		assert.equal(
			reserved.reduce<number>((sum, each) => sum + each, 0),
			450,
		);
	}).timeout(30_000);

	it('spends a budget once for each call, and gives back what a later rule refuses', async () => {
		const { node } = open();
		const store = new CoolDownStore(node, '');
		const limits = {
			coolDown: { seconds: 60, perHour: 0 },
			budget: { perHour: 10, perDay: 0 },
		};
		const now = Date.now();
		const tries = await Promise.all(
			Array.from({ length: 30 }, (_, index) =>
				store.reserve(`+9891200000${String(index).padStart(2, '0')}`, limits, 's', now).then(
					() => 'placed',
					(error: unknown): unknown => Reflect.get(Object(error), 'code'),
				),
			),
		);
		assert.equal(tries.filter((kind) => kind === 'placed').length, 10);
		assert.equal(tries.filter((kind) => kind === 'refused-by-rule').length, 20);
		// The numbers of the refused ones do not cool down.
		const free = tries.indexOf('refused-by-rule');
		const again = { coolDown: limits.coolDown, budget: null };
		await store.reserve(`+9891200000${String(free).padStart(2, '0')}`, again, 's', now);
	});

	it('lets one of many messages have a key', async () => {
		const { node } = open();
		let now = Date.now();
		const store = claimStoreOf(node, '', () => now);
		const claim = { key: 'k', person: 'p', recipient: 'r', code: 'c' };
		const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim(claim)));
		assert.equal(claims.filter((earlier) => earlier === null).length, 1);
		await store.settle(claim, 'call-1');
		assert.deepEqual(await store.claim({ ...claim, recipient: 'other' }), {
			isSameRecipient: false,
			isSameCode: true,
			callId: 'call-1',
		});
		assert.equal(await store.isClaimed(claim), true);
		now += claimLife;
		assert.equal(await store.isClaimed(claim), false);
		assert.equal(await store.claim(claim), null);
	});

	it('lets one of many accounts have a person, and the next one when it is given back', async () => {
		const { node } = open();
		const store = claimStoreOf(node, '', Date.now);
		const of = (account: number) => ({
			key: `k${account}`,
			person: 'p',
			recipient: 'r',
			code: 'c',
		});
		const claims = await Promise.all(
			Array.from({ length: 20 }, (_, account) => store.claim(of(account))),
		);
		assert.equal(claims.filter((earlier) => earlier === null).length, 1);
		assert.equal(claims.filter((earlier) => earlier === 'by-another-account').length, 19);
		const owner = claims.indexOf(null);
		const other = of(owner === 0 ? 1 : 0);
		// What was in vain has left nothing behind.
		assert.equal(await store.isClaimed(other), false);
		await store.release(of(owner));
		assert.equal(await store.claim(other), null);
		assert.equal(await store.claim(of(owner)), 'by-another-account');
	});
});

describe('Marks in a context store', () => {
	it('are new to one of many that claim them at once, and stay', async () => {
		const { node } = laterStore(3);
		const store = markStoreOf(node as unknown as StoreNode, '', () => 1_000);
		const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim('a1', 2_000)));
		assert.equal(claims.filter((isNew) => isNew).length, 1);
		assert.equal(await store.claim('a1', 9_000), false);
		assert.equal(await store.claim('a2', 2_000), true);
	});

	it('are forgotten when nobody needs them any more, whatever else is stored meanwhile', async () => {
		const { node, values } = laterStore(0);
		let now = 1_000;
		const own = node as unknown as StoreNode;
		const store = markStoreOf(own, '', () => now);
		const claims = claimStoreOf(own, '', () => now);
		for (let count = 0; count < 400; count += 1) await store.claim(`a${count}`, 2_000);
		now = 2_000;
		for (let count = 0; count < 500; count += 1) {
			await store.claim(`b${count}`, 3_000);
			await claims.claim({ key: String(count), person: `p${count}`, recipient: 'r', code: 'c' });
		}
		const kept = [...(values.get('otpCallChecks')?.keys() ?? [])];
		assert.ok(!kept.some((mark) => mark.startsWith('a')), String(kept.length));
	}).timeout(20_000);

	it('are an error of the field, and no mark, where the store cannot be used', async () => {
		const broken = (_path: string, _store: unknown, answer: Answer) => answer(new Error('full'));
		const global = {
			get: broken,
			set: (path: string, _value: unknown, store: unknown, answer: Answer) =>
				broken(path, store, answer),
		};
		const node = { context: () => ({ global }) } as unknown as StoreNode;
		await assert.rejects(markStoreOf(node, 'calls', Date.now).claim('a1', 1), (error) => {
			assert.match(String(error), /Remember In cannot be read or written/);
			return Reflect.get(Object(Reflect.get(Object(error), 'facts')), 'field') === 'store';
		});
	});
});

describe('What a context store keeps when Node-RED is killed', () => {
	const files = (config?: object) => ({ module: 'localfilesystem', ...(config && { config }) });
	const memory = { module: 'memory' };
	for (const [stores, chosen, lasting] of [
		[undefined, '', 'forgotten'],
		[{}, 'gone', 'forgotten'],
		[{ a: memory }, 'a', 'forgotten'],
		[{ a: files() }, 'a', 'later'],
		[{ a: files({}) }, 'a', 'later'],
		[{ a: files({ flushInterval: 0 }) }, 'a', 'later'],
		[{ a: files({ cache: true }) }, 'a', 'later'],
		[{ a: files({ cache: false }) }, 'a', 'kept'],
		// The first one is the default, unless one is called so, or that name stands for another.
		[{ a: files(), b: memory }, '', 'later'],
		[{ a: files(), default: memory }, '', 'forgotten'],
		[{ a: files({ cache: false }), b: memory, default: 'a' }, '', 'kept'],
		[{ a: memory, b: files({ cache: false }) }, 'b', 'kept'],
		// Node-RED takes the default one for a name that it does not know.
		[{ a: files() }, 'gone', 'later'],
		[{ a: { module: () => null } }, 'a', 'unknown'],
	] as const) {
		it(`is ${lasting} for "${chosen}" of ${JSON.stringify(stores)}`, () => {
			// What is read of Node-RED is its settings.
			const RED = { settings: { contextStorage: stores } } as unknown as Parameters<
				typeof lastingOf
			>[0];
			assert.equal(lastingOf(RED, chosen), lasting);
		});
	}
});

describe('What all accounts of a Node-RED share', () => {
	type RED = Parameters<typeof instanceIdOf>[0];
	// What is read of Node-RED is its settings.
	const idOf = (settings: object) => instanceIdOf({ settings } as unknown as RED);

	it('is the ID that it keeps among its own settings', () => {
		assert.equal(idOf({ get: (name: string) => `the ${name}` }), 'the instanceId');
	});

	it('is nothing where it keeps none: no hash is made without a secret', () => {
		const unavailable = () => {
			throw new Error('settings.not-available');
		};
		for (const get of [unavailable, () => undefined, () => '', () => 7, undefined]) {
			assert.equal(idOf({ get }), null);
		}
	});
});

describe('A wait whose call has ended', () => {
	it('looks at once when the event comes, also when it comes between two pauses', async () => {
		const ended = new EndedCalls();
		const start = performance.now();
		await ended.during('c1', clock, async (shortened) => {
			setTimeout(() => ended.tell('c1'), 20);
			await shortened.sleep(60_000);
			ended.tell('c1');
			await shortened.sleep(60_000);
		});
		assert.ok(performance.now() - start < 5_000);
	});

	it('goes on sleeping for the event of another call, and stops with its signal', async () => {
		const ended = new EndedCalls();
		const stopping = new AbortController();
		const start = performance.now();
		await ended.during('c1', clock, async (shortened) => {
			setTimeout(() => ended.tell('c2'), 5);
			setTimeout(() => stopping.abort(), 60);
			await shortened.sleep(60_000, stopping.signal);
		});
		const took = performance.now() - start;
		assert.ok(took >= 50 && took < 5_000, String(took));
	});

	it('can expect its event after eight that came in a row, until it has come, and not after one that was lost', async () => {
		const ended = new EndedCalls();
		/** @returns whether an event was expected before one came, and after it */
		const follow = async (isTold: boolean): Promise<readonly boolean[]> =>
			await ended.during('c1', clock, async (_, expectsEvent) => {
				const before = expectsEvent();
				if (isTold) ended.tell('c1');
				return [before, expectsEvent()];
			});
		for (let n = 0; n < 8; n += 1) assert.deepEqual(await follow(true), [false, false]);
		assert.deepEqual(await follow(true), [true, false]);
		assert.deepEqual(await follow(false), [true, true]);
		assert.deepEqual(await follow(true), [false, false]);
	});
});
