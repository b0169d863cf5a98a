import assert from 'node:assert/strict';

import fc from 'fast-check';

import { SeenEvents, isSecret, longestDelivery, readDelivery } from '../../calls/deliveries';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import type { CallEvent } from '../../providers/contract';
import { sandbox } from '../../providers/sandbox/adapter';
import { sampleText } from '../fixtures/samples';

const webhook = { requestId: 'r1', cause: 'NORMAL', billSec: 4, number: '09123456789' };

describe('The body of a delivered event', () => {
	it('may be JSON', () => {
		assert.equal(readDelivery(bitel, JSON.stringify(webhook))?.call.status, 'completed');
		assert.equal(readDelivery(autocall, sampleText('autocall-cdr'))?.call.callId, 'ABC123');
	});

	it('may be a form', () => {
		const form = 'requestId=r1&cause=1&billSec=4&number=09123456789&requestDate=1564640750';
		const call = readDelivery(bitel, form)?.call;
		assert.equal(call?.answered, true);
		assert.equal(call.requestedAt, '2019-08-01T06:25:50.000Z');
		const event = 'call_id=c1&state=hangup&status=no-answered&to_number=0332665711&ref_id=A%2F1';
		assert.equal(readDelivery(autocall, event)?.call.callId, 'A/1');
	});

	const others = [
		'',
		'null',
		'[]',
		'{}',
		'7',
		'"requestId=r1"',
		'{"requestId":"r1","cause":',
		'<xml/>',
		'requestId=r1',
		'__proto__=x&constructor=y',
		'{"__proto__":{"requestId":"r1","cause":"NORMAL"}}',
		'\0\0\0',
		'%',
	];
	for (const body of others) {
		it(`is none of an event: ${JSON.stringify(body)}`, () => {
			for (const provider of [bitel, autocall, sandbox]) {
				assert.equal(readDelivery(provider, body), null);
			}
		});
	}

	it('is not read beyond 64 KiB, counted in bytes', () => {
		const body = (note: string) => JSON.stringify({ ...webhook, note });
		assert.ok(readDelivery(bitel, body('x'.repeat(longestDelivery - 200))));
		assert.equal(readDelivery(bitel, body('x'.repeat(longestDelivery))), null);
		assert.equal(readDelivery(bitel, body('۱'.repeat(longestDelivery / 2))), null);
	});

	it('never brings the reader down, and never shows a code', () => {
		const bodies = fc.oneof(
			fc.string({ maxLength: 300 }),
			fc.json(),
			fc.dictionary(fc.string(), fc.string()).map((form) => new URLSearchParams(form).toString()),
		);
		fc.assert(
			fc.property(bodies, (body) => {
				for (const provider of [bitel, autocall, sandbox]) readDelivery(provider, body);
			}),
			{ numRuns: 300 },
		);
	});
});

describe('The secret in the URL of a receiver', () => {
	it('is known when it is the same, and only then', () => {
		assert.equal(isSecret('s3cret', 's3cret'), true);
		const wrong = ['', 's3cre', 's3cret ', 'S3CRET', null, undefined, 7, ['s3cret'], {}];
		for (const given of wrong) assert.equal(isSecret(given, 's3cret'), false);
	});

	it('is never an empty one', () => {
		assert.equal(isSecret('', ''), false);
	});
});

describe('A repeated delivery', () => {
	const event = (key: string): CallEvent => {
		const read = readDelivery(bitel, JSON.stringify({ ...webhook, requestId: key }));
		assert.ok(read);
		return read;
	};

	it('is not new', () => {
		const seen = new SeenEvents();
		assert.equal(seen.isNew(event('a')), true);
		assert.equal(seen.isNew(event('a')), false);
		assert.equal(seen.isNew(event('b')), true);
	});

	it('is one of the same call and the same state', () => {
		const seen = new SeenEvents();
		const body = (state: string) =>
			readDelivery(autocall, JSON.stringify({ call_id: 'c', state, status: 'busy' }));
		const [ringing, ended, again] = [body('ringing'), body('cdr'), body('CDR')];
		assert.ok(ringing && ended && again);
		assert.deepEqual(
			[seen.isNew(ringing), seen.isNew(ended), seen.isNew(again)],
			[true, true, false],
		);
	});

	it('is known after a restart', () => {
		const seen = new SeenEvents();
		seen.isNew(event('a'));
		assert.equal(new SeenEvents(seen.keys()).isNew(event('a')), false);
	});

	it('is new again when the first could not be passed on', () => {
		const seen = new SeenEvents();
		seen.isNew(event('a'));
		seen.forget(event('a'));
		assert.equal(seen.isNew(event('a')), true);
	});

	it('is remembered for the latest ones only, so that memory has a bound', () => {
		const seen = new SeenEvents(['x', 'y', 'z'], 2);
		for (const key of ['a', 'b', 'c']) seen.isNew(event(key));
		assert.deepEqual(seen.keys(), ['b', 'c']);
	});
});
