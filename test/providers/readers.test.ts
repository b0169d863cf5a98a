import assert from 'node:assert/strict';

import fc from 'fast-check';

import { providers } from '../../providers';
import { callReasons, callStatuses } from '../../providers/call';
import type { Call } from '../../providers/call';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import type { HttpAnswer, Provider, Reading, SendOrder } from '../../providers/contract';
import { isJsonObject, parseJson } from '../../providers/reading/json';
import type { JsonObject } from '../../providers/reading/json';
import { answerTexts } from '../fixtures/arbitraryAnswers';
import { answer } from './answers';

const order: SendOrder = {
	phoneNumber: { e164: '+84332665711', national: '0332665711', country: 'VN' },
	code: 'LUAN001',
	fields: { campaign: 'f77dfcf4-0759-4179-93cb-741f481a776e', template: 't', refId: 'ABC123' },
	newReference: 'r',
	now: 0,
};

const callIdOf = (provider: Provider): string =>
	provider.apiRoot === null ? 'sandbox-989123456789-zzzzzzzz-a' : 'ABC123';

/** Every reader of a provider's answers that gives a call. */
function* readersOf(provider: Provider): Generator<(answer: HttpAnswer) => Reading> {
	const send = provider.planSend(order);
	assert.ok(send.is === 'planned');
	yield (given) => send.read(given);
	const look = provider.planStatus(callIdOf(provider));
	assert.ok(look.is === 'planned');
	yield (given) => look.read(given);
	const record = provider.planRecord?.('c1');
	if (record?.is === 'planned') yield (given) => record.read(given);
}

const isIso = (time: string | null): boolean => time === null || !Number.isNaN(Date.parse(time));

function checkCall(call: Call, provider: Provider): void {
	assert.equal(call.provider, provider.name);
	assert.notEqual(call.callId, '');
	assert.equal(typeof call.callId, 'string');
	assert.equal(typeof call.phoneNumber, 'string');
	assert.ok(callStatuses.includes(call.status), call.status);
	assert.ok(call.reason === null || callReasons.includes(call.reason));
	assert.equal(typeof call.final, 'boolean');
	assert.ok(call.answered === null || typeof call.answered === 'boolean');
	assert.ok(isIso(call.requestedAt) && isIso(call.answeredAt) && isIso(call.endedAt));
	for (const seconds of [call.durationSeconds, call.billedSeconds]) {
		assert.ok(seconds === null || (Number.isFinite(seconds) && seconds >= 0));
	}
	assert.ok(call.cost === null || (Number.isFinite(call.cost.amount) && call.cost.amount >= 0));
}

const own = (record: JsonObject, key: string): unknown =>
	Object.hasOwn(record, key) ? record[key] : undefined;

const wordOf = (value: unknown): string =>
	typeof value === 'string' ? value.trim().toLowerCase().replaceAll('_', '-') : '';

/** What the documents allow to be called completed, read anew and in the simplest way. */
function mayBeCompleted(
	provider: Provider,
	text: string,
	wordKey: string,
	codeKey: string,
): boolean {
	const body = parseJson(text);
	if (!isJsonObject(body)) return false;
	const result = own(body, 'result');
	const record = isJsonObject(result) && provider === bitel ? result : body;
	const word = wordOf(own(record, wordKey));
	if (provider === autocall) return word === 'answered' || word === 'voicemail';
	return word === 'normal' || (!/[a-z]/.test(word) && Number(own(record, codeKey)) === 1);
}

describe('The readers of answers', () => {
	for (const provider of providers) {
		it(`never fail, and never see a success that is none (${provider.label})`, () => {
			const readers = [...readersOf(provider)];
			fc.assert(
				fc.property(answerTexts, fc.constantFrom(200, 204, 404, 500), (text, status) => {
					const given = answer(text, status);
					const problem = provider.readProblem(given);
					assert.ok(problem.code === null || typeof problem.code === 'string');
					assert.ok(problem.text === null || typeof problem.text === 'string');
					assert.equal(typeof provider.isNoRecord(given), 'boolean');
					if (problem.code !== null) provider.explain(problem.code);
					for (const read of readers) {
						const reading = read(given);
						if (reading.is !== 'call') continue;
						checkCall(reading.call, provider);
						JSON.stringify(reading.raw);
						if (reading.call.status === 'completed' && provider.apiRoot !== null) {
							assert.ok(mayBeCompleted(provider, text, 'status', 'statusCode'), text);
						}
					}
				}),
				{ numRuns: 300 },
			);
		});

		it(`never fail at an event, and never see a success that is none (${provider.label})`, () => {
			fc.assert(
				fc.property(answerTexts, (text) => {
					const body = parseJson(text);
					const event = body === undefined ? null : (provider.readEvent?.(body) ?? null);
					if (event === null) return;
					checkCall(event.call, provider);
					assert.notEqual(event.key, '');
					if (event.call.status !== 'completed') return;
					const key = provider === bitel ? 'cause' : 'status';
					assert.ok(mayBeCompleted(provider, text, key, key), text);
				}),
				{ numRuns: 300 },
			);
		});

		it(`never fail at a list, a token or a registration (${provider.label})`, () => {
			fc.assert(
				fc.property(answerTexts, (text) => {
					const given = answer(text);
					const token = provider.tokens?.read(given) ?? null;
					assert.ok(token === null || (token.token !== '' && token.lifeSeconds > 0));
					provider.events?.readList(given);
					provider.events?.readCreated(given);
					const page = provider.calls?.read(given) ?? null;
					for (const { call } of page?.entries ?? []) checkCall(call, provider);
					for (const list of Object.values(provider.lists ?? {})) {
						for (const choice of list.read(given, 0)?.entries ?? []) {
							assert.equal(typeof choice.name, 'string');
							assert.notEqual(choice.value, '');
						}
					}
				}),
				{ numRuns: 200 },
			);
		});
	}

	it('never fail at a token that looks like a JWT', () => {
		const part = fc.oneof(
			answerTexts.map((text) => Buffer.from(text.slice(0, 500)).toString('base64url')),
			fc.string({ maxLength: 20 }),
		);
		fc.assert(
			fc.property(part, part, (header, claims) => {
				bitel.doubtToken?.(`${header}.${claims}.x`, Date.now());
			}),
			{ numRuns: 200 },
		);
	});
});
