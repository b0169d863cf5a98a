import assert from 'node:assert/strict';

import { findProvider, providers } from '../../providers';

describe('The providers', () => {
	it('are found by their names in flows, and by nothing else', () => {
		for (const provider of providers) assert.equal(findProvider(provider.name), provider);
		for (const other of ['', 'Bitel', 'constructor', '__proto__', null, undefined, 0, {}]) {
			assert.equal(findProvider(other), undefined);
		}
	});

	it('have names and labels of their own', () => {
		assert.equal(new Set(providers.map(({ name }) => name)).size, providers.length);
		assert.equal(new Set(providers.map(({ label }) => label)).size, providers.length);
	});
});
