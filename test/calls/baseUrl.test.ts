import assert from 'node:assert/strict';

import { readBaseUrl } from '../../calls/baseUrl';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { sandbox } from '../../providers/sandbox/adapter';
import { throwing } from './testHost';

describe('The base URL of an account', () => {
	const tidied: readonly (readonly [string, string])[] = [
		['https://api.example.com', 'https://api.example.com'],
		['https://api.example.com/', 'https://api.example.com'],
		['https://api.example.com///', 'https://api.example.com'],
		['  https://api.example.com\t', 'https://api.example.com'],
		['HTTPS://API.Example.COM', 'https://api.example.com'],
		['api.example.com', 'https://api.example.com'],
		['api.example.com/v3', 'https://api.example.com'],
		['https://api.example.com:8443', 'https://api.example.com:8443'],
		['https://api.example.com:443/', 'https://api.example.com'],
		['https://api.example.com/v3', 'https://api.example.com'],
		['https://api.example.com/v3/', 'https://api.example.com'],
		['https://api.example.com/v1/event', 'https://api.example.com'],
		['https://api.example.com/v3/autocall/otp', 'https://api.example.com'],
		['https://api.example.com/pitel/v3/autocall/otp', 'https://api.example.com/pitel'],
		['https://api.example.com/pitel/', 'https://api.example.com/pitel'],
		['http://localhost:5000', 'http://localhost:5000'],
		['http://127.0.0.1:5000/v3', 'http://127.0.0.1:5000'],
		['http://127.9.9.9', 'http://127.9.9.9'],
		['http://[::1]:5000', 'http://[::1]:5000'],
		['https://münchen.example', 'https://xn--mnchen-3ya.example'],
	];
	for (const [given, expected] of tidied) {
		it(`is tidied: ${JSON.stringify(given)}`, () => {
			assert.equal(readBaseUrl(given, autocall), expected);
		});
	}

	it('loses the path of an endpoint, however much of it was pasted', () => {
		for (const path of ['', '/', '/api', '/api/', '/api/v2', '/api/v2/voice/otp', '/API/V2/']) {
			const given = `https://api.bitel.rest${path}`;
			assert.equal(readBaseUrl(given, bitel), 'https://api.bitel.rest', given);
		}
	});

	it('loses a root of several words without a version in it, in whatever case it was pasted', () => {
		const rooted = { ...bitel, apiRoot: '/MainService.svc/json' };
		for (const path of ['', '/MainService.svc/json', '/mainservice.svc/JSON/Send_V4/', '/']) {
			assert.equal(readBaseUrl(`https://x.example${path}`, rooted), 'https://x.example', path);
			assert.equal(readBaseUrl(`https://x.example/gate${path}`, rooted), 'https://x.example/gate');
		}
		const other = 'https://x.example/MainService.svc/jsonp';
		assert.equal(readBaseUrl(other, rooted), other);
		// A root of one word may well be the path of a gateway.
		const gateway = 'https://x.example/api/shop';
		assert.equal(readBaseUrl(gateway, { ...bitel, apiRoot: '/api' }), gateway);
	});

	it('is the provider’s own when none is given', () => {
		for (const none of [undefined, null, '', '  ']) {
			assert.equal(readBaseUrl(none, bitel), 'https://api.bitel.rest');
		}
	});

	it('is none for a provider without a server', () => {
		assert.equal(readBaseUrl('https://anything.example', sandbox), '');
	});

	it('must be given when every account has its own', () => {
		for (const none of [undefined, null, '', '  ']) {
			const error = throwing(() => readBaseUrl(none, autocall), 'invalid-input');
			assert.equal(error.message, 'Base URL is empty');
			assert.equal(error.facts.field, 'baseUrl');
		}
	});

	it('is asked for by an address of the provider’s own, or by an example where it has none', () => {
		for (const [provider, remedy] of [
			[bitel, 'Enter the address of the API, usually https://api.bitel.rest'],
			[
				autocall,
				'Enter the address that TEL4VN Autocall gave you, such as https://api.example.com',
			],
		] as const) {
			const { facts } = throwing(() => readBaseUrl('not a url', provider), 'invalid-input');
			assert.equal(facts.remedy, remedy);
		}
	});

	const bad: readonly (readonly [string, unknown])[] = [
		['http to a public host', 'http://api.example.com'],
		['http to an address that is not loopback', 'http://10.0.0.1'],
		['http to all addresses', 'http://0.0.0.0'],
		['http to a host that begins like loopback', 'http://127.0.0.1.example.com'],
		['http to a host that ends like loopback', 'http://localhost.example.com'],
		['a user name', 'https://user@api.example.com'],
		['a user name and a password', 'https://user:s3cret@api.example.com'],
		['a password alone', 'https://:s3cret@api.example.com'],
		['a query', 'https://api.example.com/?token=s3cret'],
		['a fragment', 'https://api.example.com/#s3cret'],
		['a script', 'javascript:alert("s3cret")'],
		['a script that looks like a host and its port', 'javascript:1'],
		['a file', 'file:///etc/passwd'],
		['data', 'data:text/plain,s3cret'],
		['ftp', 'ftp://api.example.com'],
		['a WebSocket', 'wss://api.example.com'],
		['words', 'not a url'],
		['a scheme alone', 'https://'],
		['a path', '/v3/autocall'],
		['an unknown port', 'https://api.example.com:99999'],
		['a line break', 'https://api.exam\nple.com'],
		['a NUL', 'https://api.example.com/\0'],
		['a number', 443],
		['an object', { url: 'https://api.example.com' }],
		['a list', ['https://api.example.com']],
		['true', true],
	];
	for (const [what, value] of bad) {
		it(`is refused when it is, or has, ${what}; what was typed is not shown`, () => {
			for (const provider of [bitel, autocall]) {
				const error = throwing(() => readBaseUrl(value, provider), 'invalid-input');
				assert.equal(error.facts.field, 'baseUrl');
				assert.equal(error.facts.callMayHaveBeenPlaced, false);
				assert.match(error.message, /^Base URL /);
				assert.match(error.facts.remedy, /^Enter the address/);
				assert.ok(!JSON.stringify(error.facts).includes('s3cret'));
			}
		});
	}
});
