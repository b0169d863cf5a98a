import assert from 'node:assert/strict';

import { proxyOfEnvironment, proxyOfNode } from '../../node-red/host/proxy';

const proxy = 'http://proxy.example:3128';
const urlOf = (...given: Parameters<typeof proxyOfEnvironment>): string | null =>
	proxyOfEnvironment(...given)?.url ?? null;

describe('The proxy of the environment', () => {
	const target = 'https://api.example.com';

	it('is none when no variable names one', () => {
		assert.equal(urlOf(target, {}), null);
	});

	it('is that of the scheme, or the one for all', () => {
		assert.equal(urlOf(target, { https_proxy: proxy, http_proxy: 'http://other' }), proxy);
		assert.equal(urlOf('http://localhost', { http_proxy: proxy }), proxy);
		assert.equal(urlOf(target, { http_proxy: proxy }), null);
		assert.equal(urlOf(target, { ALL_PROXY: proxy }), proxy);
	});

	it('is read in lower case first, or as the settings say', () => {
		const both = { https_proxy: proxy, HTTPS_PROXY: 'http://upper' };
		assert.equal(urlOf(target, both), proxy);
		assert.equal(urlOf(target, both, { favourUpperCase: true }), 'http://upper');
		assert.equal(urlOf(target, { HTTPS_PROXY: proxy }, { lowerCaseOnly: true }), null);
	});

	it('may come from npm, unless the settings exclude that', () => {
		const env = { npm_config_https_proxy: proxy };
		assert.equal(urlOf(target, env), proxy);
		assert.equal(urlOf(target, env, { excludeNpm: true }), null);
	});

	it('takes the scheme of the target when it has none', () => {
		assert.equal(
			urlOf(target, { https_proxy: 'proxy.example:3128' }),
			'https://proxy.example:3128',
		);
	});

	for (const [noProxy, isUsed] of [
		['*', false],
		['api.example.com', false],
		['API.example.com', false],
		['example.com', true],
		['.example.com', false],
		['*.example.com', false],
		['other.com, api.example.com', false],
		['other.com api.example.com', false],
		['api.example.com:443', false],
		['api.example.com:8443', true],
		['', true],
	] as const) {
		it(`is ${isUsed ? '' : 'not '}used with NO_PROXY=${noProxy}`, () => {
			const used = urlOf(target, { https_proxy: proxy, NO_PROXY: noProxy });
			assert.equal(used, isUsed ? proxy : null);
		});
	}
});

describe('The proxy of a proxy node', () => {
	const node = { url: proxy, noproxy: ['.example.com'], username: 'ann', password: 'secret' };

	it('comes with its user name and password', () => {
		const chosen = proxyOfNode('https://api.other.com', node);
		assert.deepEqual(chosen, { url: proxy, username: 'ann', password: 'secret' });
	});

	it('is not used for the hosts that it excludes', () => {
		assert.equal(proxyOfNode('https://api.example.com', node), null);
	});
});
