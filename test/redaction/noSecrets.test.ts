import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import fc from 'fast-check';

import { OtpCallError, errorDetails } from '../../calls/errors';
import { listChoices } from '../../calls/lists';
import { outputOf } from '../../calls/output';
import { register } from '../../calls/registrations';
import type { CallReport } from '../../calls/report';
import { getOtpCallStatus } from '../../calls/status';
import { fetchToken } from '../../calls/tokens';
import type { Exchange } from '../../calls/transport';
import { plainWords } from '../../calls/words';
import { waitUntilEnded } from '../../calls/wait';
import { autocall } from '../../providers/autocall/adapter';
import { events } from '../../providers/autocall/events';
import { tokens } from '../../providers/autocall/tokens';
import { bitel } from '../../providers/bitel/adapter';
import type { Provider } from '../../providers/contract';
import { sample } from '../fixtures/samples';
import { readingsOf, writings } from '../fixtures/encodings';
import { autocallInput, bitelInput, sendOtpCall } from '../calls/samples';
import { TestHost, answerLost, answered } from '../calls/testHost';

/** Everything of an error that may be shown, logged or stored. */
const allOf = (error: unknown): string => {
	assert.ok(error instanceof OtpCallError, inspect(error));
	return [
		error.message,
		`${error.name}: ${error.message}`,
		error.stack,
		inspect(error.cause),
		JSON.stringify(error),
		JSON.stringify(error.facts),
		JSON.stringify(errorDetails(error, plainWords)),
		inspect(error, { depth: 10, showHidden: true }),
	].join('\n');
};

const shown = (report: CallReport): string => JSON.stringify(outputOf(report, { simplify: false }));

interface Secrets {
	readonly token: string;
	readonly key: string;
	readonly code: string;
}

/** The IDs in the records below: the record of another call would be none. */
const callIdOf = (provider: Provider): string => (provider === bitel ? 'b1' : 'ABC123');
const recordIdOf = (provider: Provider): unknown =>
	provider === bitel ? 'b1' : sample('autocall-cdr')['id'];

/** What may be done with a provider, and everything that comes out of it. */
const works: Readonly<
	Record<
		string,
		(provider: Provider, replies: readonly Exchange[], secrets: Secrets) => Promise<string>
	>
> = {
	send: async (provider, replies, { token, key, code }) => {
		const host = new TestHost(provider, replies, { credentials: () => [token, key] });
		const input = provider === bitel ? bitelInput : autocallInput;
		return shown(await sendOtpCall(host.context, { ...input, code }));
	},
	'look up': async (provider, replies, { token, key }) => {
		const host = new TestHost(provider, replies, { credentials: () => [token, key] });
		return shown(await getOtpCallStatus(host.context, callIdOf(provider)));
	},
	'look up a record': async (provider, replies, { token, key }) => {
		const host = new TestHost(provider, replies, { credentials: () => [token, key] });
		return shown(await getOtpCallStatus(host.context, recordIdOf(provider), 'record'));
	},
	wait: async (provider, replies, { token, key }) => {
		const host = new TestHost(provider, replies, { credentials: () => [token, key] });
		const options = { firstLookAfter: 0, waitTimeout: 10_000 };
		return shown(await waitUntilEnded(host.context, callIdOf(provider), options));
	},
	list: async (_provider, replies, { token, key }) => {
		const host = new TestHost(autocall, replies, { credentials: () => [token, key] });
		await listChoices(host.context, 'campaign');
		return '';
	},
	register: async (_provider, replies, { token, key }) => {
		const host = new TestHost(autocall, [answered(200, { data: [] }), ...replies], {
			credentials: () => [token, key],
		});
		await register(host.context, events.registration, ['ended'], 'https://n8n.example.com/hook');
		return '';
	},
	'fetch a token': async (_provider, replies, { token, key }) => {
		const host = new TestHost(autocall, replies, { credentials: () => [token] });
		await fetchToken(host.context, tokens, key);
		return '';
	},
};

/** Records that a provider may write what it was sent into, by provider and by what was asked. */
const records = {
	bitel: (text: string) => ({ result: { id: 'b1', status: 'ERROR', note: text }, error: null }),
	cdr: (text: string) => ({ ...sample('autocall-cdr'), note: text, status: 'failed' }),
	accepted: (text: string) => ({ ...sample('autocall-send.answer'), note: text }),
};

/** How a server may give back what it was sent. */
const echoes: readonly ((text: string) => unknown)[] = [
	(text) => ({ error: text }),
	(text) => ({ error: [{ '(root)': text }] }),
	(text) => ({ error: [{ [text]: 'is invalid' }] }),
	(text) => ({ message: text }),
	(text) => ({ messsage: 'x', data: { error: text } }),
	(text) => ({ result: null, error: text }),
	(text) => ({ error: `Invalid${text.replace(/[^A-Za-z0-9_]/g, '')}` }),
	(text) => `<html><body>${text}</body></html>`,
	(text) => text,
	...Object.values(records),
];

describe('No secret comes out', () => {
	const statuses = [200, 201, 302, 307, 400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503];
	const secrets = fc.record({
		token: fc.stringMatching(/^[A-Za-z0-9+/=._-]{16,80}$/),
		key: fc.stringMatching(/^[A-Za-z0-9-]{16,40}$/),
	});
	const way = fc.constantFrom(...Object.keys(writings));
	const answers = fc.record({
		status: fc.constantFrom(...statuses),
		echo: fc.constantFrom(...echoes),
		way,
		around: fc.constantFrom('', 'x', 'code: ', '{"'),
	});

	for (const [name, work] of Object.entries(works)) {
		for (const provider of [bitel, autocall]) {
			it(`when ${provider.label} gives it back (${name})`, async () => {
				const codes = fc.stringMatching(
					provider === bitel ? /^[1-9][0-9]{4}$/ : /^[A-Z]{4}[0-9]{4}$/,
				);
				await fc.assert(
					fc.asyncProperty(
						secrets,
						codes,
						fc.array(answers, { minLength: 1, maxLength: 3 }),
						async (account, code, given) => {
							const all = { ...account, code };
							const isSend = name === 'send';
							const known = name === 'fetch a token' ? [account.key] : [account.token, account.key];
							fc.pre(!JSON.stringify([sample('autocall-cdr'), autocallInput]).includes(code));
							const replies = given.map(({ status, echo, way: how, around }) => {
								// A look-up does not know the code that was sent: the record’s own key tells it.
								const text = [...known, ...(isSend ? [code] : [])]
									.map((secret) => writings[how]?.(secret, around) ?? '')
									.join(' and ');
								return answered(status, echo(text));
							});
							const seen = await work(provider, [...replies, answerLost()], all).catch(allOf);
							for (const secret of [...known, ...(isSend ? [code] : [])]) {
								assert.ok(!seen.includes(secret), `${secret} in ${seen}`);
								const isError = seen.includes('OtpCallError');
								if (isError) assert.ok(!readingsOf(seen).includes(secret), `${secret} in ${seen}`);
							}
						},
					),
					{ numRuns: 30 },
				);
			});
		}
	}
});

describe('No secret comes out of a record that is put out as it is', () => {
	const all = {
		token: 'eyJhbGci/OiJIUzI1+NiIs=.InR5cCI6',
		key: '0a9f-87e6-5d4c-3b2a-1f00',
		code: 'QXZV7394',
	};

	for (const [name, provider, record] of [
		['send', bitel, records.bitel],
		['send', autocall, records.accepted],
		['look up', bitel, records.bitel],
		['look up', autocall, records.cdr],
		['look up a record', autocall, records.cdr],
		['wait', bitel, records.bitel],
		['wait', autocall, records.cdr],
	] as const) {
		it(`in whatever writing ${provider.label} gives it back (${name})`, async () => {
			const code = provider === bitel ? '73945' : all.code;
			for (const [writing, write] of Object.entries(writings)) {
				for (const around of ['', 'x', 'code: ', '{"']) {
					const secrets = [all.token, all.key, ...(name === 'send' ? [code] : [])];
					// JSON of its own: the answer's escapes are gone when it has been parsed.
					const text = secrets.map((secret) => write(secret, around)).join(' and ');
					const work = works[name] ?? assert.fail(name);
					const seen = await work(provider, [answered(200, record(text))], {
						...all,
						code,
					});
					assert.ok(seen.includes('"note":"'), `${name} gave no record`);
					for (const secret of secrets) {
						assert.ok(!seen.includes(secret), `${writing}: ${seen}`);
						assert.ok(!readingsOf(seen).includes(secret), `${writing}: ${seen}`);
					}
				}
			}
		});
	}

	it('with escapes of JSON that other languages write, which parsing undoes', async () => {
		const token = all.token;
		for (const escaped of [
			token.replaceAll('/', '\\/'),
			token.replaceAll('+', '\\u002b'),
			token.replaceAll('=', '\\u003D'),
			[...token].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
		]) {
			const body = JSON.stringify(records.bitel('NOTE')).replace('NOTE', `sent ${escaped}.`);
			const seen = (await works['look up']?.(bitel, [answered(200, body)], all)) ?? '';
			assert.match(seen, /"note":"sent •••\."/);
		}
	});
});

describe('No raw phone number comes out in what may be logged', () => {
	it('when a provider gives it back in its words', async () => {
		const forms = ['09123456789', '+989123456789', '0912 345 6789', '989123456789', '۰۹۱۲۳۴۵۶۷۸۹'];
		for (const form of forms) {
			for (const status of [200, 400, 401, 429, 500]) {
				const host = new TestHost(bitel, [
					answered(status, { error: `number ${form} is blocked` }),
				]);
				const error: unknown = await sendOtpCall(host.context, {
					...bitelInput,
					code: '5500',
				}).catch((thrown: unknown) => thrown);
				assert.ok(error instanceof OtpCallError);
				const text = `${error.message} ${error.facts.remedy}`;
				assert.match(text, /number (\+98|0|98|۰)[\d\p{Nd}]+•••[\d\p{Nd}]{4} is blocked/u);
				assert.ok(!text.includes(form), text);
			}
		}
	});
});
