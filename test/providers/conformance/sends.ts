import assert from 'node:assert/strict';

import { OtpCallError, wordsOf } from '../../../calls/errors';
import { invalidInput } from '../../../calls/failures';
import { checkSpokenCode, checkPhoneNumber } from '../../../calls/input';
import { plainWords } from '../../../calls/words';
import type {
	PlannedSend,
	Provider,
	ProviderRequest,
	SendOrder,
} from '../../../providers/contract';
import { isInvalid, languages } from '../../../providers/fields';
import type { Field } from '../../../providers/fields';
import { readFields } from '../../../providers/reading/values';
import { check } from './samples';
import type { Checks, SampleOrder } from './samples';

export const newReference = 'f3b1c2d4-0000-4000-8000-9a8b7c6d5e4f';
const now = Date.parse('2025-06-01T08:00:00Z');

/** A call as a user has filled it in, checked as `calls/` does. @throws OtpCallError */
export function orderOf(provider: Provider, order: SampleOrder): SendOrder {
	const fields = readFields(provider.fields, order.fields);
	if (isInvalid(fields)) throw invalidInput(fields);
	const own = provider.events?.perCall?.field;
	return {
		phoneNumber: checkPhoneNumber(order.phoneNumber, provider),
		code: checkSpokenCode(order.code, provider),
		fields,
		newReference,
		callback: own === undefined ? null : (fields.text(own) ?? null),
		now,
	};
}

/** @throws OtpCallError */
export function plannedSend(provider: Provider, order: SampleOrder): PlannedSend {
	const planned = provider.planSend(orderOf(provider, order));
	if (isInvalid(planned)) throw invalidInput(planned);
	return planned;
}

/** All that a request says, in one text. */
export const contentOf = ({ path, query, body, form }: ProviderRequest): string =>
	[path, ...Object.values(query ?? {}), JSON.stringify(body ?? form ?? {})].join('\n');

const generated: Readonly<Record<Field['kind'], readonly unknown[]>> = {
	count: [-1, 1.5, 'abc', '1.5', '1e3', true, {}, [], Number.NaN, 'a\nb'],
	line: [{}, [], true, 1.5, Number.NaN, 'a\nb', 'a\0b', 'x'.repeat(10_000)],
	list: [{}, [], true, 1.5, Number.NaN, 'a\nb', 'a\0b', 'x'.repeat(10_000), { value: {} }],
	choice: [{}, [], true, 1.5, Number.NaN, 'a\nb'],
	reference: [{}, true, 'a/b', '..', 'a?b', 'a#b', 'a%00b', 'a\nb', 'x'.repeat(10_000)],
	secret: [],
	url: [],
};

/** Values that no field of this kind takes, and those just beyond its limits. */
const wrongValues = (field: Field): readonly unknown[] => [
	...generated[field.kind],
	...(field.kind === 'count' ? [field.least - 1, ...(field.most ? [field.most + 1] : [])] : []),
];

function refusal(work: () => unknown): OtpCallError {
	try {
		work();
	} catch (error) {
		assert.ok(error instanceof OtpCallError, `not one of our errors: ${String(error)}`);
		assert.equal(error.code, 'invalid-input');
		return error;
	}
	assert.fail('it was taken');
}

/** That an error names this field, in the words of each form, and says what to do. */
function checkRefusal(error: OtpCallError, field: Pick<Field, 'name' | 'label'>): void {
	assert.equal(error.facts.field, field.name);
	assert.equal(error.facts.callMayHaveBeenPlaced, false);
	for (const language of languages) {
		const words = wordsOf(error, { ...plainWords, language });
		assert.ok(words.message.startsWith(`${field.label[language]} `), words.message);
		assert.doesNotMatch(`${words.message} ${words.remedy}`, /[‹›]/);
		assert.match(words.remedy, /\S/);
	}
}

/** How calls are asked for. */
export const sendChecks: Checks = (provider, samples) => {
	const { send, fields: fieldSamples } = samples;
	const { order, reference } = send;
	const filled = (changes: Readonly<Record<string, unknown>>): SampleOrder => ({
		...order,
		fields: { ...order.fields, ...changes },
	});

	return [
		check('asks for a call as its documents show', () => {
			assert.deepEqual(plannedSend(provider, order).request, send.request);
		}),

		check('plans a send without changing anything, and the same way each time', () => {
			const given = orderOf(provider, order);
			const frozen = Object.freeze({ ...given, phoneNumber: Object.freeze(given.phoneNumber) });
			const [first, second] = [provider.planSend(frozen), provider.planSend(frozen)];
			assert.equal(JSON.stringify(first), JSON.stringify(second));
			assert.equal(JSON.stringify(provider.planSend(given)), JSON.stringify(first));
		}),

		check(
			'sends number and code in the body, and only where there is somebody to send them to',
			() => {
				const { request } = plannedSend(provider, order);
				const given = orderOf(provider, order);
				const national = given.phoneNumber.national.slice(1);
				assert.equal(request.method, 'POST');
				assert.ok(contentOf(request).includes(national), 'the number is not in the request');
				const isSent = JSON.stringify(request.body ?? request.form ?? {}).includes(given.code);
				assert.equal(isSent, provider.apiRoot !== null, 'whether the code is in the body');
				const { path, query } = request;
				const inUrl = [path, ...Object.values(query ?? {})].join('\n');
				assert.ok(!inUrl.includes(given.code), 'the code stands in the URL, which is logged');
				assert.ok(request.body === undefined || request.form === undefined, 'it has two bodies');
				assert.ok(provider.apiRoot === null || path.startsWith('/'), 'the path');
			},
		),

		check('never takes what was typed for a part of its own request', () => {
			const odd = '"},"x":{"';
			const { request } = plannedSend(provider, order);
			for (const field of provider.fields) {
				if (field.kind !== 'line' || field.form !== undefined) continue;
				const other = plannedSend(provider, filled({ [field.name]: odd })).request;
				assert.deepEqual(
					Object.keys(other.body ?? other.form ?? {}).filter((key) => key === 'x'),
					[],
				);
				assert.equal(other.path, request.path);
			}
		}),

		check('refuses a call without a required field, and names the field', () => {
			for (const field of provider.fields.filter(({ required }) => required)) {
				const { beside = {} } = fieldSamples[field.name] ?? {};
				for (const empty of [undefined, null, '', ' ']) {
					const given = filled({ ...beside, [field.name]: empty });
					checkRefusal(
						refusal(() => plannedSend(provider, given)),
						field,
					);
				}
			}
		}),

		check('has samples of each of its fields', () => {
			const names = provider.fields.map(({ name }) => name).sort();
			assert.deepEqual(Object.keys(fieldSamples).sort(), names);
			for (const field of provider.fields) {
				if (!('form' in field) || field.form === undefined) continue;
				const refused = fieldSamples[field.name]?.refused ?? [];
				assert.ok(refused.length > 0, `${field.name} has a rule, and no sample that breaks it`);
			}
		}),

		check('sends what its fields hold', () => {
			for (const [name, { taken, beside = {} }] of Object.entries(fieldSamples)) {
				for (const value of taken) {
					const { request } = plannedSend(provider, filled({ ...beside, [name]: value }));
					const isIn = contentOf(request).includes(String(value));
					assert.ok(isIn, `${name} ${String(value)} is not in ${contentOf(request)}`);
				}
			}
		}),

		check(
			'refuses what breaks the rule of a field, names the field, and does not show the value',
			() => {
				for (const field of provider.fields) {
					const { refused = [], beside = {} } = fieldSamples[field.name] ?? {};
					for (const value of [...wrongValues(field), ...refused]) {
						const given = filled({ ...beside, [field.name]: value });
						const error = refusal(() => plannedSend(provider, given));
						checkRefusal(error, field);
						const text = typeof value === 'string' && value.length > 5 ? value : null;
						if (text !== null) assert.ok(!JSON.stringify(error.facts).includes(text), text);
					}
				}
			},
		),

		check('tells where to hear of a call, if it takes an address with each', () => {
			const given = orderOf(provider, order);
			const url = 'https://flows.example.com/hook?secret=s3cret&more=1';
			const planned = [null, url].map((callback) => provider.planSend({ ...given, callback }));
			const [without, told] = planned.map((each) => {
				assert.ok(each.is === 'planned');
				return each.request;
			});
			const field = provider.events?.perCall?.field;
			if (field === undefined) {
				assert.deepEqual(told, without);
				return;
			}
			assert.ok(provider.fields.includes(field), `${field.name} is no field of a call`);
			assert.ok(Object.values({ ...told?.body, ...told?.form }).includes(url), 'it is not told');
			assert.equal(told?.path, without?.path);
			assert.ok(!JSON.stringify(without).includes('s3cret'));
		}),

		check('says whether it recognises a request, and by what of it', () => {
			const planned = plannedSend(provider, order);
			const isIdempotent = planned.isIdempotent === true;
			assert.equal(isIdempotent, send.known !== undefined, 'isIdempotent, and samples of it');
			if (!isIdempotent) return;
			assert.ok(contentOf(planned.request).includes(newReference), 'nothing of ours is in it');
		}),

		check('says whether a lost answer can be looked up, and by what', () => {
			if (reference === 'none') {
				assert.equal(plannedSend(provider, order).reference, null);
				return;
			}
			const own = reference.field;
			const planned = plannedSend(provider, filled(own === undefined ? {} : { [own]: '' }));
			assert.equal(planned.reference, newReference);
			assert.ok(contentOf(planned.request).includes(newReference), 'it is not sent');
			assert.equal(provider.planStatus(newReference).is, 'planned');
			if (own === undefined) return;
			const users = plannedSend(provider, filled({ [own]: 'order-1042' }));
			assert.equal(users.reference, 'order-1042');
			const withCode = filled({ [own]: order.code });
			const { message } = refusal(() => plannedSend(provider, withCode));
			assert.ok(!message.includes(order.code));
		}),
	];
};
