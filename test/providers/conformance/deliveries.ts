import assert from 'node:assert/strict';

import fc from 'fast-check';

import { readDelivery } from '../../../calls/events';
import { reportOf } from '../../../calls/report';
import type { CallEvent, WebhookDelivery } from '../../../providers/contract';
import { isJsonObject, parseJson } from '../../../providers/reading/json';
import { answersLike, withUnknownValues } from '../../fixtures/arbitraryAnswers';
import { checkCall, checkFacts, documentsOf, runs } from './answers';
import { asQuery, check, httpAnswer } from './samples';
import type { Checks, EventSamples } from './samples';

const delivery = ({ query = {}, body }: Partial<WebhookDelivery>): WebhookDelivery => ({
	query,
	body,
});

/** The events that a provider tells of. */
export const eventChecks: Checks = (provider, samples) => {
	const { events } = provider;
	const given = samples.events;
	return [
		check('tells of events, and has samples of them, or neither', () => {
			assert.equal(given === null, events === undefined);
			const isByHand = events?.registration === undefined;
			assert.equal(
				(given?.registration ?? null) === null,
				isByHand,
				'registration, and its samples',
			);
		}),

		...(given === null ? [] : checksOf(given)),
	];

	function read(told: Partial<WebhookDelivery>): CallEvent | null {
		return events?.read(delivery(told)) ?? null;
	}

	function checksOf({ told, others, mayBeCompleted, registration }: EventSamples) {
		return [
			check('has a sample of each type of event that it tells of', () => {
				const types = [...new Set(told.map(({ type }) => type))].sort();
				assert.deepEqual(types, [...(events?.types ?? [])].sort());
			}),

			check('has its deliveries where it says that they come', () => {
				const isGet = events?.method === 'GET';
				for (const { body, query } of told) {
					assert.equal(body === undefined, isGet, 'an event comes in the body of a POST');
					assert.equal(query !== undefined, isGet, 'or in the parameters of a GET');
				}
			}),

			check('reads its events, and gives two deliveries of the same one the same key', () => {
				const keys = new Map<string, string>();
				for (const { type, call, ...sample } of told) {
					const text = JSON.stringify(sample);
					const event = read(sample);
					assert.ok(event, `it is none: ${text}`);
					assert.equal(event.type, type);
					checkCall(event.call, provider);
					checkFacts(event.call, call, text);
					assert.notEqual(event.key, '');
					assert.equal(read(sample)?.key, event.key);
					const of = `${event.call.callId} ${type}`;
					assert.equal(keys.get(event.key) ?? of, of, 'two events have the same key');
					keys.set(event.key, of);
				}
			}),

			check('reads an event as a node hears it, without codes', () => {
				for (const { type, call, ...sample } of told) {
					const body = sample.body === undefined ? '' : JSON.stringify(sample.body);
					const event = readDelivery(provider, body, sample.query);
					assert.equal(event?.type, type);
					checkFacts(event.report.call, call, body);
				}
			}),

			check('takes nothing else for an event', () => {
				for (const other of others) assert.equal(read(other), null, JSON.stringify(other));
				for (const body of [undefined, null, [], {}, 7, 'x', [{}]]) {
					assert.equal(read({ body }), null, JSON.stringify(body));
				}
			}),

			check('never fails at a delivery, and never sees a success that is none', () => {
				const documents = documentsOf(samples);
				const holdsFor = (text: string, isQuery: boolean): void => {
					const body = parseJson(text);
					const content = isQuery ? asQuery(body) : body;
					const event = isQuery ? read({ query: asQuery(body) }) : read({ body });
					if (event === null) return;
					checkCall(event.call, provider);
					assert.notEqual(event.key, '');
					assert.ok(events?.types.includes(event.type), event.type);
					JSON.stringify(reportOf(provider, event).raw);
					if (event.call.status !== 'completed') return;
					assert.ok(isJsonObject(content) && mayBeCompleted(content), text);
				};
				for (const text of withUnknownValues(documents)) {
					holdsFor(text, true);
					holdsFor(text, false);
				}
				fc.assert(fc.property(answersLike(documents), fc.boolean(), holdsFor), runs);
			}),

			...(registration === null ? [] : registrationChecks(registration)),
		];
	}

	function registrationChecks(sampled: NonNullable<EventSamples['registration']>) {
		const registration = events?.registration;
		return [
			check('registers the address of a receiver for types that it tells of', () => {
				const url = 'https://flows.example.com/hook?secret=s3cret';
				for (const [type, name] of Object.entries(registration?.names ?? {})) {
					assert.ok(events?.types.some((told) => told === type));
					const request = registration?.create(name, url);
					assert.equal(request?.method, 'POST');
					const sent = Object.values({ ...request.body, ...request.form });
					assert.ok(sent.includes(url) && sent.includes(name), 'the address and the event');
					assert.ok(!request.path.includes('s3cret'), 'the address is no part of the path');
				}
				assert.equal(registration?.list().method, 'GET');
			}),

			check('removes a registration by its ID, at no other path', () => {
				const usual = registration?.remove('7');
				assert.equal(usual?.method, 'DELETE');
				for (const id of ['a/b', '../x', 'a?b', 'a#b', '%2e%2e']) {
					const { path = '' } = registration?.remove(id) ?? {};
					const { pathname, search, hash } = new URL(`https://x.example${path}`);
					const parts: readonly number[] = [usual.path, pathname].map(
						(text) => text.split('/').length,
					);
					assert.deepEqual([parts[1], hash], [parts[0], '']);
					assert.equal(search, '');
				}
			}),

			check('reads what is registered', () => {
				for (const { entries, ...sample } of sampled.listed) {
					assert.deepEqual(registration?.readList(httpAnswer(sample)), entries);
				}
				for (const sample of sampled.unreadable) {
					assert.equal(registration?.readList(httpAnswer(sample)), null);
				}
				for (const sample of sampled.created) {
					assert.equal(registration?.readCreated(httpAnswer(sample)), true);
				}
				for (const sample of sampled.notCreated) {
					assert.equal(registration?.readCreated(httpAnswer(sample)), false);
				}
			}),

			check('never fails at a list of registrations', () => {
				fc.assert(
					fc.property(answersLike(documentsOf(samples)), (text) => {
						const answer = { status: 200, headers: {}, text };
						for (const { id, event, url } of registration?.readList(answer) ?? []) {
							assert.ok(id !== '' && event !== '' && url !== '');
						}
						assert.equal(typeof registration?.readCreated(answer), 'boolean');
					}),
					runs,
				);
			}),
		];
	}
};
