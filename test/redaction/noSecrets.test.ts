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
import { registration } from '../../providers/autocall/events';
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
		return shown(await getOtpCallStatus(host.context, 'ABC123'));
	},
	'look up a record': async (provider, replies, { token, key }) => {
		const host = new TestHost(provider, replies, { credentials: () => [token, key] });
		return shown(await getOtpCallStatus(host.context, 'ABC123', 'record'));
	},
	wait: async (provider, replies, { token, key }) => {
		const host = new TestHost(provider, replies, { credentials: () => [token, key] });
		const options = { firstLookAfter: 0, waitTimeout: 10_000 };
		return shown(await waitUntilEnded(host.context, 'ABC123', options));
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
		await register(host.context, registration, ['ended'], 'https://n8n.example.com/hook');
		return '';
	},
	'fetch a token': async (_provider, replies, { token, key }) => {
		const host = new TestHost(autocall, replies, { credentials: () => [token] });
		await fetchToken(host.context, tokens, key);
		return '';
	},
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
	(text) => ({ ...sample('autocall-cdr'), note: text, status: 'failed' }),
	(text) => ({ ...sample('autocall-send.answer'), note: text }),
	(text) => ({ result: { id: 'b1', status: 'ERROR', note: text }, error: null }),
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
