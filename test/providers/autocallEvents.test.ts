import assert from 'node:assert/strict';

import { autocall } from '../../providers/autocall/adapter';
import type { JsonObject } from '../../providers/reading/json';
import { sample } from '../fixtures/samples';

const cdr = sample('autocall-cdr');

describe('An event of Autocall', () => {
	const event = (fields: JsonObject) =>
		autocall.readEvent?.({
			call_id: 'd6142fb6',
			sip_call_id: 's',
			direction: 'outbound',
			from_number: '02873003586',
			to_number: '0332665711',
			ref_id: 'ABC123',
			...fields,
		}) ?? null;

	it('tells of a phone that rings', () => {
		const ringing = event({ state: 'ringing', status: '', time_started: '2023-03-07 10:06:53' });
		assert.equal(ringing?.occasion, 'ringing');
		assert.equal(ringing.key, 'd6142fb6:ringing');
		assert.deepEqual(ringing.call, {
			provider: 'autocall',
			callId: 'ABC123',
			phoneNumber: '+84332665711',
			status: 'ringing',
			reason: null,
			final: false,
			answered: null,
			requestedAt: '2023-03-07T10:06:53+07:00',
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds: null,
			cost: null,
		});
	});

	it('tells of a person who answers', () => {
		const answered = event({ state: 'ANSWERED' });
		assert.equal(answered?.occasion, 'answered');
		assert.equal(answered.call.status, 'in-progress');
		assert.equal(answered.call.answered, true);
		assert.equal(answered.call.final, false);
	});

	it('tells how a call has ended', () => {
		for (const state of ['cdr', 'hangup']) {
			const ended = event({ state, status: 'busy', duration: '12' });
			assert.equal(ended?.occasion, 'ended');
			assert.equal(ended.call.status, 'busy');
			assert.equal(ended.call.final, true);
			assert.equal(ended.call.durationSeconds, 12);
		}
	});

	it('leaves open how a call has ended when it does not say', () => {
		for (const state of ['hangup', 'cdr']) {
			for (const status of ['', null]) {
				const { status: word, final, answered } = event({ state, status })?.call ?? {};
				assert.deepEqual(
					{ word, final, answered },
					{ word: 'unknown', final: false, answered: null },
				);
			}
		}
	});

	it('has the provider’s own ID where there is no reference', () => {
		assert.equal(event({ state: 'cdr', ref_id: '', status: 'busy' })?.call.callId, 'd6142fb6');
	});

	it('may be the CDR that a campaign sends, once with the event of the same call', () => {
		const sent = autocall.readEvent?.(cdr) ?? null;
		assert.equal(sent?.occasion, 'ended');
		assert.equal(sent.call.callId, 'ABC123');
		assert.doesNotMatch(JSON.stringify(sent), /LUAN001/);
		assert.equal(sent.key, event({ state: 'cdr', call_id: cdr['id'] ?? '' })?.key);
	});

	it('may be a CDR in a form, with the record of the request as JSON text or in brackets', () => {
		const flat = Object.fromEntries(
			Object.entries(cdr).map(([key, value]) => [
				key,
				typeof value === 'object' ? JSON.stringify(value) : String(value),
			]),
		);
		const { additional: _additional, ...rest } = flat;
		const bracketed = {
			...rest,
			'additional[ref_id]': 'ABC123',
			'additional[code_otp]': 'LUAN001',
		};
		for (const form of [flat, bracketed]) {
			const sent = autocall.readEvent?.(form) ?? null;
			assert.equal(sent?.call.callId, 'ABC123');
			assert.equal(sent.call.durationSeconds, 6);
			assert.doesNotMatch(JSON.stringify(sent), /LUAN001/);
		}
	});

	it('is none without an ID, with a state that nobody knows, or of a call that goes on', () => {
		const others = [
			{},
			[],
			null,
			'x',
			{ state: 'cdr' },
			{ ...cdr, id: '' },
			{ ...cdr, status: 'new' },
		];
		for (const other of others) assert.equal(autocall.readEvent?.(other), null);
		assert.equal(event({ state: 'transferred' }), null);
		assert.equal(event({ state: 'constructor' }), null);
	});
});
