import assert from 'node:assert/strict';

import fc from 'fast-check';

import { verdictOf } from '../../../calls/failures';
import { reportOf } from '../../../calls/report';
import { plainWords, wordsIn } from '../../../calls/words';
import { callReasons, callStatuses } from '../../../providers/call';
import type { Call } from '../../../providers/call';
import type { HttpAnswer, Provider, Reading } from '../../../providers/contract';
import { isJsonObject, parseJson } from '../../../providers/reading/json';
import { answersLike, withUnknownValues } from '../../fixtures/arbitraryAnswers';
import { callOf } from '../answers';
import { contentOf, orderOf, plannedSend } from './sends';
import { asQuery, check, httpAnswer } from './samples';
import type { CallFacts, Checks, ProviderSamples } from './samples';

/** How many arbitrary answers each reader is given. */
export const runs = { numRuns: 300 };

const isIso = (time: string | null): boolean => time === null || !Number.isNaN(Date.parse(time));

/** That a call is one by the contract, whatever it was read from. */
export function checkCall(call: Call, provider: Provider): void {
	assert.equal(call.provider, provider.name);
	assert.equal(typeof call.callId, 'string');
	assert.notEqual(call.callId, '');
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

/** That a call has these facts. */
export function checkFacts(call: Call, facts: CallFacts, text: string): void {
	assert.deepEqual({ ...call, ...facts }, call, text);
}

/** Every document of the samples, to make arbitrary ones of. */
export function documentsOf({
	send,
	lookUp,
	problems,
	account,
	events,
	lists,
	calls,
}: ProviderSamples) {
	const answers = [
		...(send.known ?? []),
		...send.refused,
		...lookUp.states.map(({ body }) => ({ body })),
		...lookUp.noRecord,
		...problems,
		...(account?.exchange?.granted ?? []),
		...(events?.registration?.listed ?? []),
		...(events?.told ?? []).map(({ body, query }) => ({ body: body ?? query })),
		...Object.values(lists ?? {}).flatMap(({ pages }) => pages),
		...(calls?.pages ?? []),
	];
	const texts = answers
		.map((given) => httpAnswer(given).text)
		.filter((text) => parseJson(text) !== undefined);
	const [first] = send.placed;
	const documents: [string, ...string[]] = [httpAnswer(first).text, ...texts];
	return documents;
}

/** Every reader of a provider's answers that gives a call. */
function readersOf(provider: Provider, { send, lookUp }: ProviderSamples) {
	const status = provider.planStatus(lookUp.callId);
	assert.ok(status.is === 'planned');
	const record = lookUp.byRecord === null ? null : provider.planRecord?.(lookUp.byRecord.id);
	const readers: ((answer: HttpAnswer) => Reading)[] = [
		(answer) => plannedSend(provider, send.order).read(answer),
		(answer) => status.read(answer),
	];
	if (record?.is === 'planned') readers.push((answer) => record.read(answer));
	return readers;
}

const lookUpOf = (provider: Provider, callId: string) => {
	const planned = provider.planStatus(callId);
	assert.ok(planned.is === 'planned', 'it is not planned');
	return planned;
};

/** IDs that would reach another path if they were pasted into one. */
const climbing = [
	'a/b',
	'..',
	'../../x',
	'a?b=c',
	'a#b',
	'a%2fb',
	'a\\b',
	'a\0b',
	'a\nb',
	'a\ud800b',
];

/** How answers are read. */
export const answerChecks: Checks = (provider, samples) => {
	const { send, lookUp, problems, explained } = samples;
	return [
		check('reads the answers to a send', () => {
			const planned = plannedSend(provider, send.order);
			for (const sample of send.placed) {
				const { call } = callOf(planned.read(httpAnswer(sample)));
				checkCall(call, provider);
				checkFacts(call, sample.call, JSON.stringify(sample.body));
			}
			for (const sample of send.known ?? []) {
				const reading = planned.read(httpAnswer(sample));
				assert.ok(reading.is === 'known-request', JSON.stringify(sample.body));
				checkCall(reading.call, provider);
				checkFacts(reading.call, sample.call, JSON.stringify(sample.body));
			}
			for (const sample of send.refused) {
				const expected = { is: 'refusal', ...sample.problem };
				assert.deepEqual(planned.read(httpAnswer(sample)), expected, JSON.stringify(sample.body));
			}
			for (const sample of send.unsure) {
				const { is } = planned.read(httpAnswer(sample));
				assert.ok(
					is === 'unreadable' || is === 'no-record',
					`${is}: ${JSON.stringify(sample.body)}`,
				);
			}
		}),

		check('has the number of a call as it was sent, whatever the answer shows of it', () => {
			const order = orderOf(provider, send.order);
			const planned = plannedSend(provider, send.order);
			for (const sample of send.placed) {
				assert.equal(
					callOf(planned.read(httpAnswer(sample))).call.phoneNumber,
					order.phoneNumber.e164,
				);
			}
		}),

		check('asks where a call stands as its documents show', () => {
			assert.deepEqual(lookUpOf(provider, lookUp.callId).request, lookUp.request);
			assert.equal(lookUp.request.method, 'GET');
			assert.equal(lookUp.byRecord === null, provider.planRecord === undefined, 'planRecord');
			if (lookUp.byRecord === null) return;
			const planned = provider.planRecord?.(lookUp.byRecord.id);
			assert.ok(planned?.is === 'planned');
			assert.deepEqual(planned.request, lookUp.byRecord.request);
		}),

		check('never asks at another path for an ID that looks like one', () => {
			for (const id of climbing) {
				for (const plan of [provider.planStatus(id), provider.planRecord?.(id)]) {
					if (plan === undefined) continue;
					assert.equal(plan.is, 'invalid', `${JSON.stringify(id)} is taken`);
				}
			}
		}),

		check('knows every documented state of a call', () => {
			const planned = lookUpOf(provider, lookUp.callId);
			for (const { body, status, reason, final, answered } of lookUp.states) {
				const { call } = callOf(planned.read(httpAnswer({ body })));
				checkCall(call, provider);
				checkFacts(call, { status, reason, final, answered }, JSON.stringify(body));
			}
		}),

		check('has samples of a call that goes on and of one that is over', () => {
			assert.ok(lookUp.states.some(({ final }) => final));
			assert.ok(lookUp.states.some(({ status }) => status === 'completed'));
		}),

		check('takes a state that no document explains for no end of the call', () => {
			for (const { status, final, reason, answered } of lookUp.states) {
				if (reason !== 'unmapped') continue;
				assert.deepEqual(
					{ status, final, answered },
					{ status: 'unknown', final: false, answered: null },
				);
			}
		}),

		check('tells a missing record from everything else', () => {
			const planned = lookUpOf(provider, lookUp.callId);
			assert.ok(lookUp.noRecord.length > 0, 'there is no sample of a missing record');
			for (const sample of lookUp.noRecord) {
				const given = httpAnswer(sample);
				const isSuccess = given.status >= 200 && given.status < 300;
				const says = isSuccess
					? planned.read(given).is === 'no-record'
					: provider.isNoRecord(given);
				assert.ok(says, `${given.status} ${given.text}`);
			}
			for (const sample of [...lookUp.otherwise, ...lookUp.states.map(({ body }) => ({ body }))]) {
				const given = httpAnswer(sample);
				assert.equal(provider.isNoRecord(given), false, `${given.status} ${given.text}`);
			}
			for (const sample of lookUp.unreadable) {
				assert.equal(
					planned.read(httpAnswer(sample)).is,
					'unreadable',
					JSON.stringify(sample.body),
				);
			}
		}),

		check('has its own words for problems, and says what they mean', () => {
			for (const sample of problems) {
				const given = httpAnswer(sample);
				assert.deepEqual(provider.readProblem(given), sample.problem, given.text);
				assert.equal(verdictOf({ provider }, given), sample.verdict, given.text);
			}
		}),

		check('explains the error codes of its documents, and no other', () => {
			for (const code of explained) {
				const { message, remedy } = provider.explain(code) ?? { message: '', remedy: '' };
				for (const words of [message, remedy]) {
					assert.match(words, /^\p{Lu}.*[^.]$/u, `${code}: ${words}`);
					assert.doesNotMatch(wordsIn(words, plainWords), /[‹›|]/, code);
				}
				assert.match(message, new RegExp(provider.label.split(' ').at(-1) ?? '', 'i'));
			}
			for (const code of ['', 'constructor', '__proto__', 'toString', 'SomethingNew', '-1']) {
				assert.equal(provider.explain(code), null, code);
			}
		}),

		check('never fails at an answer, and never sees a success that is none', () => {
			const readers = readersOf(provider, samples);
			const documents = documentsOf(samples);
			const holdsFor = (text: string, status: number): void => {
				const given: HttpAnswer = { status, headers: {}, text };
				const problem = provider.readProblem(given);
				assert.ok(problem.code === null || typeof problem.code === 'string');
				assert.ok(problem.text === null || typeof problem.text === 'string');
				assert.equal(typeof provider.isNoRecord(given), 'boolean');
				assert.equal(typeof verdictOf({ provider }, given), 'string');
				provider.explain(problem.code ?? text);
				for (const read of readers) {
					const reading = read(given);
					if (reading.is !== 'call' && reading.is !== 'known-request') continue;
					checkCall(reading.call, provider);
					JSON.stringify(reportOf(provider, reading).raw);
					if (reading.call.status !== 'completed') continue;
					const body = parseJson(text);
					assert.ok(isJsonObject(body) && samples.mayBeCompleted(body), text);
				}
			};
			for (const text of withUnknownValues(documents)) holdsFor(text, 200);
			const statuses = fc.constantFrom(200, 204, 302, 401, 404, 429, 500);
			fc.assert(fc.property(answersLike(documents), statuses, holdsFor), runs);
		}),

		check('has an oracle that knows the documented successes, and only those', () => {
			for (const { body, status } of lookUp.states) {
				const isCompleted = status === 'completed';
				assert.equal(samples.mayBeCompleted(body), isCompleted, JSON.stringify(body));
			}
		}),

		check('gives back no code in what flows see', () => {
			const code = orderOf(provider, send.order).code;
			const { codeKeys } = provider;
			const areSampled = samples.echoes.length > 0 || codeKeys.length === 0;
			assert.ok(areSampled, 'it has codeKeys, and no samples of echoes');
			for (const { of, ...sample } of samples.echoes) {
				const given = httpAnswer(sample);
				assert.ok(given.text.includes(code), 'the sample does not hold the code');
				const shown = of === 'send' ? shownOfSend(given) : shownOf(of, given);
				// A phone number may hold the same digits by accident.
				assert.doesNotMatch(shown, new RegExp(`(?<!\\d)${code}(?!\\d)`), of);
			}
		}),

		check('knows the keys of its codes in every record', () => {
			const planned = lookUpOf(provider, lookUp.callId);
			for (const { body } of lookUp.states) {
				const { call, record } = callOf(planned.read(httpAnswer({ body })));
				for (const key of provider.codeKeys) {
					const held = { ...record, deep: [{ [key.toUpperCase()]: 'K4821' }], note: 'said K4821' };
					const { raw } = reportOf(provider, { call, record: held });
					assert.doesNotMatch(JSON.stringify(raw), /K4821/);
				}
				const { raw } = reportOf(provider, { call, record });
				assert.deepEqual(Object.keys(raw), Object.keys(record));
			}
		}),

		check('sends nothing of a code with a look-up', () => {
			const { code } = orderOf(provider, send.order);
			assert.ok(!contentOf(lookUp.request).includes(code));
		}),
	];

	function shownOfSend(given: HttpAnswer): string {
		const planned = plannedSend(provider, send.order);
		const { code } = orderOf(provider, send.order);
		const report = reportOf(provider, callOf(planned.read(given)), { codes: [code] });
		return JSON.stringify([report.call, report.raw]);
	}

	/** As nodes see it that have not sent the code, and do not know it. */
	function shownOf(of: 'look-up' | 'event', given: HttpAnswer): string {
		if (of === 'look-up') {
			const report = reportOf(provider, callOf(lookUpOf(provider, lookUp.callId).read(given)));
			return JSON.stringify([report.call, report.raw]);
		}
		const body = parseJson(given.text);
		const event = provider.events?.read(
			provider.events.method === 'POST'
				? { query: {}, body }
				: { query: asQuery(body), body: undefined },
		);
		assert.ok(event, 'the sample is no event');
		const report = reportOf(provider, event);
		return JSON.stringify([report.call, report.raw]);
	}
};
