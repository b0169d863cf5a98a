import assert from 'node:assert/strict';

import fc from 'fast-check';

import { reportOf } from '../../../calls/report';
import type { Page } from '../../../providers/contract';
import { isInvalid } from '../../../providers/fields';
import { isJsonObject, parseJson } from '../../../providers/reading/json';
import { readFields } from '../../../providers/reading/values';
import { answersLike } from '../../fixtures/arbitraryAnswers';
import { checkCall, documentsOf, runs } from './answers';
import { check, httpAnswer } from './samples';
import type { Checks } from './samples';

/** The page of which the samples show the request. */
export const samplePage = { limit: 50, offset: 100 };

function checkPage(page: Page<unknown>): void {
	assert.ok(Number.isInteger(page.received) && page.received >= page.entries.length);
	assert.ok(!Number.isNaN(page.total));
}

/** The lists from which a user picks, and the one of calls. */
export const listChecks: Checks = (provider, samples) => {
	const { lists, calls } = provider;
	return [
		check('has lists, and samples of each, or neither', () => {
			assert.equal(samples.lists === null, lists === undefined);
			const names = Object.keys(lists ?? {}).sort();
			assert.deepEqual(Object.keys(samples.lists ?? {}).sort(), names);
			assert.equal(samples.calls === null, calls === undefined, 'a list of calls');
		}),

		check('asks for its lists page by page, and reads them', () => {
			for (const [name, { request, pages, unreadable }] of Object.entries(samples.lists ?? {})) {
				const list = lists?.[name];
				assert.ok(list);
				assert.deepEqual(list.request(samplePage), request);
				assert.ok(pages.length > 0, `there is no sample of ${name}`);
				for (const { values, total, ...sample } of pages) {
					const page = list.read(httpAnswer(sample), 0);
					assert.deepEqual([page?.entries.map(({ value }) => value), page?.total], [values, total]);
				}
				for (const sample of unreadable) {
					assert.equal(list.read(httpAnswer(sample), 0), null, JSON.stringify(sample.body));
				}
			}
		}),

		check('asks for its calls as they are filtered, and reads them', () => {
			if (samples.calls === null || calls === undefined) return;
			const { filter, request, pages, unreadable } = samples.calls;
			const fields = readFields(calls.filters, filter.fields);
			assert.ok(!isInvalid(fields));
			const names = calls.filters.map(({ name }) => name);
			assert.deepEqual(Object.keys(filter.fields).sort(), names.sort(), 'a value of each filter');
			assert.deepEqual(calls.request({ ...filter, fields }, samplePage), request);
			assert.ok(pages.length > 0, 'there is no sample of calls');
			for (const { callIds, total, ...sample } of pages) {
				const page = calls.read(httpAnswer(sample));
				const ids: readonly string[] | undefined = page?.entries.map(({ call }) => call.callId);
				assert.deepEqual([ids, page?.total], [callIds, total]);
			}
			for (const sample of unreadable) {
				assert.equal(calls.read(httpAnswer(sample)), null, JSON.stringify(sample.body));
			}
		}),

		check('never fails at a list, and never sees a success that is none in it', () => {
			fc.assert(
				fc.property(answersLike(documentsOf(samples)), (text) => {
					const answer = { status: 200, headers: {}, text };
					for (const list of Object.values(lists ?? {})) {
						const page = list.read(answer, 0);
						if (page !== null) checkPage(page);
						for (const { name, value } of page?.entries ?? []) {
							assert.ok(typeof name === 'string' && value !== '');
						}
					}
					const page = calls?.read(answer) ?? null;
					if (page !== null) checkPage(page);
					for (const entry of page?.entries ?? []) {
						checkCall(entry.call, provider);
						JSON.stringify(reportOf(provider, entry).raw);
						if (entry.call.status !== 'completed') continue;
						assert.ok(isJsonObject(parseJson(text)) && samples.mayBeCompleted(entry.record), text);
					}
				}),
				runs,
			);
		}),
	];
};
