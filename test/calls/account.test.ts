import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import fc from 'fast-check';

import {
	accountFieldsOf,
	authorizedRequest,
	defaultsOf,
	readAccount,
	readOffset,
	readSecret,
	secretOf,
	withDefaults,
} from '../../calls/account';
import type { AccountValues } from '../../calls/account';
import { OtpCallError } from '../../calls/errors';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import type { Provider, ProviderAccount } from '../../providers/contract';
import { everywhere } from '../../providers/fields';
import type { SecretField } from '../../providers/fields';
import { isJsonObject } from '../../providers/reading/json';
import { sandbox } from '../../providers/sandbox/adapter';
import { ringo } from '../providers/throwAway';
import { throwing } from './testHost';

const accountOf = ({ account }: Provider): ProviderAccount => {
	assert.ok(account !== null);
	return account;
};

const campaign = 'f77dfcf4-0759-4179-93cb-741f481a776e';

describe('The form of an account', () => {
	const namesOf = (provider: Provider) => accountFieldsOf(provider).map(({ name }) => name);

	it('has what the provider asks for, then what is told of test numbers', () => {
		const own = accountOf(ringo).fields.map(({ name }) => name);
		assert.deepEqual(namesOf(ringo), [...own, 'testNumbers', 'testCode']);
	});

	it('is empty where the provider needs none', () => {
		assert.deepEqual(namesOf(sandbox), []);
	});
});

describe('The secret of an account', () => {
	const chosen = (values: AccountValues) => {
		const { is, field, value } = secretOf(accountOf(autocall), values);
		return [is, field.name, value];
	};

	it('is the one that the user has chosen to give', () => {
		const both = { apiKey: 'key', token: 'token' };
		assert.deepEqual(chosen({ ...both, authentication: 'token' }), ['token', 'token', 'token']);
		assert.deepEqual(chosen({ ...both, authentication: 'apiKey' }), ['key', 'apiKey', 'key']);
	});

	it('is the first of the choice where nobody has chosen', () => {
		for (const authentication of [undefined, null, '']) {
			assert.deepEqual(chosen({ apiKey: 'key', authentication }), ['key', 'apiKey', 'key']);
		}
		assert.deepEqual(chosen({}), ['key', 'apiKey', undefined]);
	});

	it('is the token where there is no key to exchange', () => {
		const { is, value } = secretOf(accountOf(bitel), { token: 't', apiKey: 'k' });
		assert.deepEqual([is, value], ['token', 't']);
		assert.equal(secretOf(accountOf(ringo), { apiKey: 'k' }).value, 'k');
	});

	it('is none of an object’s own machinery', () => {
		const values: unknown = Object.create({ token: 'inherited' });
		assert.ok(isJsonObject(values));
		assert.equal(secretOf(accountOf(bitel), values).value, undefined);
	});
});

describe('A secret as a user pasted it', () => {
	const { token } = accountOf(bitel);
	const read = (value: unknown) => readSecret(value, token, bitel);

	it('loses the spaces around it and the word Bearer before it', () => {
		for (const pasted of ['abc.def', ' abc.def\n', 'Bearer abc.def', 'bearer   abc.def ']) {
			assert.equal(read(pasted), 'abc.def');
		}
		assert.equal(read('Bearerabc'), 'Bearerabc');
		assert.equal(read(12345), '12345');
	});

	for (const value of [undefined, null, '', '  ', 'Bearer ']) {
		it(`is empty: ${inspect(value)}`, () => {
			const error = throwing(() => read(value), 'invalid-input');
			assert.equal(error.message.startsWith('Token of the account '), true, error.message);
			assert.equal(error.facts.field, 'token');
		});
	}

	it('is refused, and not shown, when no header could carry it', () => {
		for (const value of ['abc def', 'abc\ndef', 'abc\0', 'тоkеn-1', 'a\u200bbc']) {
			const error = throwing(() => read(value), 'invalid-input');
			assert.ok(!JSON.stringify(error.facts).includes(value.slice(0, 3)), error.message);
			assert.ok(!`${error.stack}`.includes(value));
		}
	});

	it('is refused when it is no text', () => {
		for (const value of [{}, [], true, Number.NaN, { toString: {} }]) {
			const error = throwing(() => read(value), 'invalid-input');
			assert.match(error.message, /^Token of the account must be text/);
		}
	});

	it('is read or refused with one of our errors, whatever it is', () => {
		const values = fc.oneof(fc.string(), fc.anything({ withNullPrototype: false }));
		fc.assert(
			fc.property(values, (value) => {
				try {
					assert.match(read(value), /^[\x21-\x7e]+$/);
				} catch (error) {
					assert.ok(error instanceof OtpCallError && error.code === 'invalid-input', String(error));
				}
			}),
		);
	});
});

describe('What an account holds for the fields of a call', () => {
	it('is only what is meant as a default, by the field’s own name', () => {
		const values = { token: 't', baseUrl: 'https://x.example', serverId: 's1', campaign };
		assert.deepEqual(defaultsOf(bitel, values), { serverId: 's1' });
		assert.deepEqual(defaultsOf(autocall, values), { campaign });
		assert.deepEqual(defaultsOf(sandbox, values), {});
		assert.deepEqual(defaultsOf(ringo, { template: 'T1' }), { template: 'T1' });
	});

	it('is taken where the call leaves a field empty, in the form of either host', () => {
		for (const empty of [undefined, null, '', { __rl: true, mode: 'list', value: '' }]) {
			const filled = withDefaults({ campaign: empty, template: 'otp' }, { campaign });
			assert.deepEqual(filled, { campaign, template: 'otp' });
		}
	});

	it('gives way to what the call says', () => {
		for (const own of ['other', 0, { __rl: true, mode: 'id', value: 'other' }]) {
			assert.deepEqual(withDefaults({ campaign: own }, { campaign }), { campaign: own });
		}
	});

	it('fills in what is not there at all, and changes nothing that was given', () => {
		const values = Object.freeze({ template: 'otp' });
		assert.deepEqual(withDefaults(values, { campaign }), { template: 'otp', campaign });
		assert.deepEqual(values, { template: 'otp' });
	});
});

describe('An account that is filled in', () => {
	it('is read with its address and its secret', () => {
		assert.deepEqual(readAccount(bitel, { token: ' Bearer t ', baseUrl: '' }), {
			baseUrl: 'https://api.bitel.rest',
			secret: { is: 'token', value: 't' },
			tests: null,
			companion: '',
		});
		const values = { baseUrl: 'api.example.com/v3/', authentication: 'apiKey', apiKey: 'k' };
		assert.deepEqual(readAccount(autocall, values), {
			baseUrl: 'https://api.example.com',
			secret: { is: 'key', value: 'k' },
			tests: null,
			companion: '',
		});
	});

	it('is none where the provider needs none', () => {
		assert.deepEqual(readAccount(sandbox, { token: 't' }), {
			baseUrl: '',
			secret: null,
			tests: null,
			companion: '',
		});
	});

	it('is refused for what is missing, in the words of its form', () => {
		for (const [provider, values, field] of [
			[bitel, {}, 'token'],
			[autocall, { apiKey: 'k' }, 'baseUrl'],
			[autocall, { baseUrl: 'https://x.example', authentication: 'token' }, 'token'],
			[autocall, { baseUrl: 'https://x.example' }, 'apiKey'],
			[ringo, { token: 't' }, 'apiKey'],
		] as const) {
			const error = throwing(() => readAccount(provider, values), 'invalid-input');
			assert.equal(error.facts.field, field);
		}
	});
});

/** A provider whose token counts only beside the name of its key. */
const pinned: SecretField = {
	...accountOf(ringo).token,
	name: 'keyName',
	label: everywhere('Key'),
};
const paired: Provider = {
	...ringo,
	account: {
		...accountOf(ringo),
		fields: [...accountOf(ringo).fields, pinned],
		companion: pinned,
		authorize: (request, token, companion) => ({ ...request, body: `${token}+${companion}` }),
	},
};

describe('An account with two secrets', () => {
	it('has both, tidied, and is refused without either, in the words of its form', () => {
		const values = { apiKey: ' k ', keyName: ' n ' };
		const { companion, secret } = readAccount(paired, values);
		assert.deepEqual([secret?.value, companion], ['k', 'n']);
		for (const [name, field] of [
			['apiKey', 'apiKey'],
			['keyName', 'keyName'],
		] as const) {
			const missing = { ...values, [name]: '' };
			assert.equal(
				throwing(() => readAccount(paired, missing), 'invalid-input').facts.field,
				field,
			);
		}
	});

	it('puts both where the provider wants them: in the body, too', () => {
		const request = { url: 'https://api.example.com/api/call', headers: {}, body: null };
		assert.equal(authorizedRequest(paired, request, 'k', 'n').body, 'k+n');
	});
});

describe('A request with the secret of its account', () => {
	const request = {
		url: 'https://api.example.com/api/call?id=R1',
		headers: { accept: 'application/json' },
		body: 'x',
	};

	it('carries a bearer token where the provider says nothing else', () => {
		assert.deepEqual(authorizedRequest(bitel, request, 't'), {
			...request,
			headers: { accept: 'application/json', authorization: 'Bearer t' },
		});
	});

	it('carries it where the provider wants it: in the path, a header or the query', () => {
		const url = 'https://api.example.com/api/a%2Fb/call?id=R1';
		assert.deepEqual(authorizedRequest(ringo, request, 'a/b'), { ...request, url });
		const inHeader: Provider = {
			...ringo,
			account: {
				...accountOf(ringo),
				authorize: (plain, token) => ({ ...plain, headers: { ...plain.headers, 'x-key': token } }),
			},
		};
		const headers: Readonly<Record<string, string>> = authorizedRequest(
			inHeader,
			request,
			't',
		).headers;
		assert.equal(headers['x-key'], 't');
	});
});

describe('An offset that comes back from a browser', () => {
	it('is a number of records, or the beginning', () => {
		assert.equal(readOffset('150'), 150);
		for (const other of [undefined, null, '', '-1', '1.5', '1e3', 'x', 50, {}, '9'.repeat(20)]) {
			assert.equal(readOffset(other), 0, inspect(other));
		}
	});
});
