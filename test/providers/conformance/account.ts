import assert from 'node:assert/strict';

import fc from 'fast-check';

import { authorizedRequest, readAccount } from '../../../calls/account';
import type { ProviderRequest } from '../../../providers/contract';
import { parseJson } from '../../../providers/reading/json';
import { answersLike } from '../../fixtures/arbitraryAnswers';
import { objectIn } from '../../fixtures/samples';
import { documentsOf, runs } from './answers';
import { check, httpAnswer } from './samples';
import type { Checks } from './samples';
import { contentOf, plannedSend } from './sends';

const base = 'https://api.example.com';

/** What a request of this provider looks like to the transport, before it is authorized. */
const onTheWire = ({ path, query, body, form }: ProviderRequest, root = base) => ({
	url: `${root}${path}${query === undefined ? '' : `?${new URLSearchParams(query).toString()}`}`,
	headers: { accept: 'application/json', 'content-type': 'x/y' },
	body:
		body !== undefined
			? JSON.stringify(body)
			: form === undefined
				? null
				: new URLSearchParams(form).toString(),
});

const countIn = (text: string, part: string): number => text.split(part).length - 1;

/** How an account's requests are authorized. */
export const accountChecks: Checks = (provider, samples) => {
	const { account } = provider;
	const given = samples.account;
	return [
		check('has an account, and a sample of one, or neither', () => {
			assert.equal(given === null, account === null);
			const exchange = account?.exchange === undefined;
			assert.equal((given?.exchange ?? null) === null, exchange, 'exchange, and samples of it');
		}),

		...(given === null ? [] : checksOf(given)),
	];

	function checksOf({
		values,
		token,
		companion = '',
		authorized,
		exchange,
	}: NonNullable<typeof given>) {
		const { send, lookUp } = samples;
		return [
			check('reads an account that is filled in, and names what is missing', () => {
				const ready = readAccount(provider, values);
				assert.notEqual(ready.secret, null);
				assert.equal(ready.companion, companion);
				const needed = [exchange === null ? account?.token : undefined, account?.companion];
				const alone = needed.filter((field) => field !== undefined);
				for (const empty of [emptySecrets(), ...alone.map(({ name }) => ({ [name]: '' }))]) {
					assert.throws(() => readAccount(provider, { ...values, ...empty }), {
						code: 'invalid-input',
					});
				}
			}),

			check('puts the token where its documents say', () => {
				const request = onTheWire(plannedSend(provider, send.order).request);
				const { body, url, headers } = authorizedRequest(provider, request, token, companion);
				const { accept: _accept, 'content-type': _type, ...added } = headers;
				const shown = body === request.body ? {} : { body: parseJson(body ?? '') };
				assert.deepEqual({ url, headers: added, ...shown }, authorized);
			}),

			check('puts the token there alone, and leaves the rest of a request as it is', () => {
				const root = `${base}/gateway`;
				const secrets = [token, companion].filter((secret) => secret !== '');
				for (const planned of [plannedSend(provider, send.order).request, lookUp.request]) {
					const isIn = secrets.some((secret) => contentOf(planned).includes(secret));
					assert.ok(!isIn, 'the token is in the planned request');
					const plain = { ...onTheWire(planned, root), method: planned.method };
					const signed = authorizedRequest(provider, plain, token, companion);
					const { body, url, headers, ...rest } = signed;
					assert.deepEqual(rest, { method: planned.method });
					assert.equal(headers['accept'], 'application/json');
					assert.ok(url.startsWith(root), `${url} has lost its base`);
					const all = [decodeURIComponent(url), ...Object.values(headers), body ?? ''].join('\n');
					for (const secret of secrets) {
						assert.equal(countIn(all, secret), 1, `the token is in ${all}`);
					}
					if (planned.body === undefined) assert.equal(body, plain.body);
					else assert.deepEqual({ ...objectIn(body ?? ''), ...planned.body }, objectIn(body ?? ''));
					for (const value of Object.values(planned.query ?? {})) {
						assert.ok([...new URL(url).searchParams.values()].includes(value), `${value} is lost`);
					}
				}
			}),

			check('keeps a token with any characters to its place', () => {
				const odd = 'a/../b?c=d&e#f%2F+"\\@x:y';
				const plain = onTheWire(lookUp.request);
				const usual = new URL(authorizedRequest(provider, plain, 'token', 'companion').url);
				const { url } = authorizedRequest(provider, plain, odd, odd);
				const { origin, hash, pathname, searchParams } = new URL(url);
				assert.deepEqual([origin, hash], [base, '']);
				assert.equal(pathname.split('/').length, usual.pathname.split('/').length);
				assert.deepEqual([...searchParams.keys()], [...usual.searchParams.keys()]);
			}),

			check('never fails at a token that it doubts', () => {
				const part = fc.oneof(
					answersLike(documentsOf(samples)).map((text) =>
						Buffer.from(text.slice(0, 500)).toString('base64url'),
					),
					fc.string({ maxLength: 20 }),
				);
				fc.assert(
					fc.property(part, part, fc.constantFrom('.', ''), (header, claims, between) => {
						const text = [header, claims, 'x'].join(between);
						const doubt = account?.doubtToken?.(text, 1_748_764_800_000) ?? null;
						assert.ok(doubt === null || (doubt !== '' && !doubt.includes(text)));
					}),
					runs,
				);
			}),

			...(exchange === null ? [] : exchangeChecks(exchange)),
		];
	}

	function emptySecrets(): Record<string, string> {
		const secrets = (account?.fields ?? []).filter(({ kind }) => kind === 'secret');
		return Object.fromEntries(secrets.map(({ name }) => [name, '']));
	}

	function exchangeChecks({
		key,
		request,
		granted,
		none,
	}: NonNullable<NonNullable<typeof given>['exchange']>) {
		const tokens = account?.exchange;
		return [
			check('exchanges a key for a token as its documents show', () => {
				const planned = tokens?.request(key);
				assert.deepEqual(planned, request);
				const { path, query } = request;
				const inUrl = [path, ...Object.values(query ?? {})].join('\n');
				assert.ok(!inUrl.includes(key), 'the key stands in the URL');
				for (const { token, lifeSeconds, ...sample } of granted) {
					assert.deepEqual(tokens?.read(httpAnswer(sample)), { token, lifeSeconds });
				}
				for (const sample of none) {
					assert.equal(tokens?.read(httpAnswer(sample)), null, JSON.stringify(sample.body));
				}
			}),

			check('never fails at an answer to it, and takes no token that fits no header', () => {
				fc.assert(
					fc.property(answersLike(documentsOf(samples)), (text) => {
						const read = tokens?.read({ status: 200, headers: {}, text }) ?? null;
						if (read === null) return;
						assert.match(read.token, /^[\x21-\x7e]+$/);
						assert.ok(read.lifeSeconds > 0 && Number.isFinite(read.lifeSeconds));
					}),
					runs,
				);
			}),
		];
	}
};
