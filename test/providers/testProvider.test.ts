import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import type { Provider } from '../../providers/contract';
import { checksOf, testProvider } from './testProvider';
import type { ProviderSamples } from './testProvider';
import { over, pause, record, ringo, samples, template } from './throwAway';

/** A repository in which n8n's package has one credential, of this provider. */
function repositoryWith(files: Readonly<Record<string, string>>): string {
	const root = mkdtempSync(join(tmpdir(), 'otp-call-'));
	for (const folder of ['credentials', 'icons']) mkdirSync(join(root, folder));
	for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
	return root;
}

const icon = '<svg xmlns="http://www.w3.org/2000/svg"></svg>';
const files = {
	'package.json': JSON.stringify({
		n8n: { credentials: ['dist/credentials/RingoApi.credentials.js'] },
	}),
	'credentials/RingoApi.credentials.ts': `export class RingoApi {
		name = 'ringoApi';
		icon = { light: 'file:../icons/ringo.svg', dark: 'file:../icons/ringo.dark.svg' };
	}`,
	'icons/ringo.svg': icon,
	'icons/ringo.dark.svg': icon,
};

const root = repositoryWith(files);

testProvider(ringo, samples, root);

/** What the suite says of a provider with which something is wrong. */
const failuresOf = (
	provider: Provider,
	given: ProviderSamples = samples,
	repository = root,
): readonly string[] =>
	checksOf(provider, given, repository).flatMap(({ title, run }) => {
		try {
			run();
			return [];
		} catch (error) {
			return [`${title}: ${error instanceof Error ? error.message : String(error)}`];
		}
	});

const wordless = { ...template, hint: { en: 'Which text', fa: '', vi: 'Văn bản nào' } };
const copied = { ...template, hint: { en: 'Which text', fa: 'Which text', vi: 'Văn bản nào' } };
const { account, events, lists } = ringo;

/** A Ringo with some of its fields replaced. */
const withFields = (...fields: Provider['fields']): Provider => ({
	...ringo,
	fields: ringo.fields.map((field) => fields.find(({ name }) => name === field.name) ?? field),
});

const withAccount = (changes: Partial<NonNullable<typeof account>>): Provider => {
	assert.ok(account !== null);
	return { ...ringo, account: { ...account, ...changes } };
};

/** Each with a word of the failure that has to tell of it. */
const broken: readonly (readonly [string, Provider, RegExp])[] = [
	['lacks a translation', withFields(wordless), /template: hint has no words in fa/],
	['has English for a translation', withFields(copied), /in English where it should be in fa/],
	['has a label with marks', { ...ringo, summary: { en: 'A ‹b›', fa: 'آ', vi: 'Ă' } }, /marks/],
	['picks from a list that is not there', { ...ringo, lists: {} }, /there is no list voices/],
	[
		'shows a field by one that is none',
		withFields({ ...pause, onlyIf: { field: 'mood', is: 'own' } }),
		/onlyIf names mood/,
	],
	[
		'shows a field by an option that is none',
		withFields({ ...pause, onlyIf: { field: 'speed', is: 'fast' } }),
		/fast is none of the options/,
	],
	['has two fields of a name', { ...ringo, fields: [...ringo.fields, pause] }, /has two of them/],
	[
		'has a field that every call has',
		{ ...ringo, fields: [...ringo.fields, { ...pause, name: 'timeout' }] },
		/has such a field already/,
	],
	[
		'takes a default from an account that holds none',
		withAccount({ fields: (account?.fields ?? []).filter(({ name }) => name !== 'template') }),
		/no field of this name for a default/,
	],
	[
		'has a token that no account holds',
		withAccount({ fields: (account?.fields ?? []).filter(({ kind }) => kind !== 'secret') }),
		/apiKey is no field of the account/,
	],
	['has an example that breaks its rule', withFields({ ...template, example: 'x' }), /own example/],
	[
		'takes what breaks a rule',
		withFields({ ...template, form: { pattern: /./, rule: 'must be there' } }),
		/breaks the rule of a field.*it was taken/,
	],
	[
		'reads the clock',
		{
			...ringo,
			planSend: (given) => {
				const planned = ringo.planSend(given);
				if (planned.is === 'invalid') return planned;
				const { request } = planned;
				const form = { ...request.form, nonce: String(process.hrtime.bigint()) };
				return { ...planned, request: { ...request, form } };
			},
		},
		/the same way each time/,
	],
	[
		'claims to recognise requests',
		{
			...ringo,
			planSend: (given) => {
				const planned = ringo.planSend(given);
				return planned.is === 'invalid' ? planned : { ...planned, isIdempotent: true };
			},
		},
		/isIdempotent, and samples of it/,
	],
	[
		'has the code in its URL',
		{
			...ringo,
			planSend: (given) => {
				const planned = ringo.planSend(given);
				if (planned.is === 'invalid') return planned;
				return { ...planned, request: { ...planned.request, query: { pin: given.code } } };
			},
		},
		/the code stands in the URL/,
	],
	[
		'puts a refused call among the placed',
		{
			...ringo,
			planStatus: (callId) => {
				const planned = ringo.planStatus(callId);
				if (planned.is === 'invalid') return planned;
				return {
					...planned,
					read: (answer) => {
						const reading = planned.read(answer);
						if (reading.is !== 'call' || reading.call.status !== 'unknown') return reading;
						return { ...reading, call: { ...reading.call, status: 'completed' } };
					},
				};
			},
		},
		/never sees a success that is none/,
	],
	[
		'fails at a strange answer',
		{ ...ringo, readProblem: ({ text }) => ({ code: null, text: decodeURIComponent(text) }) },
		/never fails at an answer/,
	],
	[
		'asks at any path',
		{
			...ringo,
			planStatus: (callId) => ({
				is: 'planned',
				request: { method: 'GET', path: `/api/call/${callId}` },
				read: () => ({ is: 'no-record' }),
			}),
		},
		/is taken/,
	],
	['does not know the key of its codes', { ...ringo, codeKeys: [] }, /gives back no code/],
	['calls a wrong thing by that key', { ...ringo, codeKeys: ['tan'] }, /gives back no code/],
	['judges otherwise', { ...ringo, judge: () => null }, /says what they mean/],
	[
		'explains too much',
		{ ...ringo, explain: () => ({ message: 'Ringo', remedy: 'X' }) },
		/explains/,
	],
	[
		'takes every answer for a missing record',
		{ ...ringo, isNoRecord: () => true },
		/missing record/,
	],
	[
		'has its token in a header too',
		withAccount({
			authorize: (request, token) => ({
				...request,
				...account?.authorize?.(request, token, ''),
				headers: { ...request.headers, 'x-key': token },
			}),
		}),
		/there alone/,
	],
	[
		'has its token in the body',
		withAccount({ authorize: (request, token) => ({ ...request, body: token }) }),
		/there alone/,
	],
	[
		'pastes its token into the path',
		withAccount({
			authorize: (request, token) => ({
				...request,
				url: request.url.replace('/api/', `/api/${token}/`),
			}),
		}),
		/any characters/,
	],
	[
		'fails at a token',
		withAccount({ doubtToken: (token) => atob(token.split('.')[1] ?? '') || null }),
		/a token that it doubts/,
	],
	['has events of which there is no sample', ringo, /samples of them, or neither/],
	[
		'tells of types that it has not',
		{ ...ringo, ...(events && { events: { ...events, types: ['ended', 'ringing'] } }) },
		/each type of event/,
	],
	[
		'has its events elsewhere than it says',
		{ ...ringo, ...(events && { events: { ...events, method: 'POST' } }) },
		/where it says that they come/,
	],
	[
		'fails at a delivery',
		{
			...ringo,
			...(events && {
				events: {
					...events,
					read: (delivery) => {
						if (Object.keys(delivery.query).length > 4) throw new Error('too many');
						return events.read(delivery);
					},
				},
			}),
		},
		/never fails at a delivery/,
	],
	[
		'reads no page of a list',
		{ ...ringo, lists: { voices: { ...lists?.['voices'], request: never, read: () => null } } },
		/asks for its lists/,
	],
];

function never(): never {
	throw new Error('it is not asked for');
}

describe('The suite that every provider passes', () => {
	before(() => {
		// That a broken provider is found must not depend on which random answers it is given.
		fc.configureGlobal({ seed: 1 });
	});
	after(() => {
		fc.resetConfigureGlobal();
		rmSync(root, { recursive: true });
	});

	it('finds nothing in a provider that is as its samples say', () => {
		assert.deepEqual(failuresOf(ringo), []);
	});

	for (const [what, provider, tells] of broken) {
		it(`fails for one that ${what}`, () => {
			const given = provider === ringo ? { ...samples, events: null } : samples;
			const failures = failuresOf(provider, given).join('\n');
			assert.match(failures, tells);
		});
	}

	const wrong: readonly (readonly [string, Partial<ProviderSamples>, RegExp])[] = [
		['an oracle that knows another word', { mayBeCompleted: () => false }, /oracle/],
		['no sample of a list', { lists: null }, /samples of each, or neither/],
		['no sample of an account', { account: null }, /a sample of one, or neither/],
		['no sample of a field', { fields: {} }, /samples of each of its fields/],
		['no sample of an echo', { echoes: [] }, /samples of echoes/],
		[
			'a list of calls that the provider has not',
			{
				calls: {
					filter: { fields: {} },
					request: { method: 'GET', path: '/' },
					pages: [],
					unreadable: [],
				},
			},
			/a list of calls/,
		],
		[
			'a state with another meaning',
			{
				lookUp: {
					...samples.lookUp,
					states: [{ body: { ...record, state: 'TALKED' }, ...over('busy', false) }],
				},
			},
			/knows every documented state/,
		],
	];
	for (const [what, changes, tells] of wrong) {
		it(`fails with samples that have ${what}`, () => {
			assert.match(failuresOf(ringo, { ...samples, ...changes }).join('\n'), tells);
		});
	}

	it('gives the line to paste where n8n does not know the credential', () => {
		const other = repositoryWith({ ...files, 'package.json': '{"n8n": {"credentials": []}}' });
		try {
			const failures = failuresOf(ringo, samples, other);
			assert.equal(failures.length, 1);
			assert.match(failures[0] ?? '', /\n {6}"dist\/credentials\/RingoApi\.credentials\.js"$/);
		} finally {
			rmSync(other, { recursive: true });
		}
	});

	it('names the file that n8n needs and that is not there', () => {
		const { 'icons/ringo.dark.svg': _dark, ...rest } = files;
		const other = repositoryWith(rest);
		try {
			assert.match(failuresOf(ringo, samples, other).join(), /no file icons\/ringo\.dark\.svg/);
		} finally {
			rmSync(other, { recursive: true });
		}
	});
});
