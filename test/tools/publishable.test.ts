import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { home, missingIn, pagesElsewhere } from '../../tools/build/publishable';
import type { World } from '../../tools/build/publishable';

const repository = home.replace('https://github.com/', '');
const api = `https://api.github.com/repos/${repository}`;

/** Answers by address; every other one is a page that is there. */
const worldWith = (
	answers: Readonly<Record<string, { readonly status: number; readonly text: string }>>,
	env: World['env'] = {},
): World => ({
	env: {
		GITHUB_REPOSITORY: repository,
		GITHUB_REF_NAME: 'v0.1.0',
		ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.com',
		...env,
	},
	get: async (address) =>
		answers[address] ??
		{
			[api]: { status: 200, text: '{"private":false}' },
			[`${api}/private-vulnerability-reporting`]: { status: 200, text: '{"enabled":true}' },
		}[address] ?? { status: 200, text: '' },
});

const nothing = { status: 404, text: '{}' };

describe('A publication', () => {
	it('is let through when everything is there', async () => {
		assert.deepEqual(await missingIn(worldWith({})), []);
	});

	for (const [what, world, says] of [
		['the repository', worldWith({ [api]: nothing }), /^1\. .*is not public/],
		['the organisation', worldWith({}, { GITHUB_REPOSITORY: 'a/b' }), /^1\. .*runs in a\/b/],
		[
			'the security contact',
			worldWith({ [`${api}/private-vulnerability-reporting`]: nothing }),
			/^2\. .*reporting is off/,
		],
		[
			'the scope at npm',
			worldWith({ 'https://registry.npmjs.org/@otp-call%2fnode-red-otp-call': nothing }),
			/^3\. @otp-call\/node-red-otp-call .*by hand/,
		],
		[
			'the identity of the workflow',
			worldWith({}, { ACTIONS_ID_TOKEN_REQUEST_URL: undefined }),
			/^4\. /,
		],
		['the version', worldWith({}, { GITHUB_REF_NAME: 'v9.9.9' }), /^5\. .*the tag is v9\.9\.9/],
		[
			'a page that we lead to',
			worldWith({ [pagesElsewhere[0] ?? '']: nothing }),
			/^6\. these pages are gone: https:/,
		],
	] as const) {
		it(`is refused without ${what}, in words that say what to do`, async () => {
			const missing = await missingIn(world);
			assert.equal(missing.length, 1, missing.join('\n'));
			assert.match(missing[0]?.replace(/^(\d\.) the pages that we lead to: /, '$1 ') ?? '', says);
		});
	}

	it('is checked by the workflow before anything is published, and each thing is explained', () => {
		const workflow = readFileSync('.github/workflows/publish.yml', 'utf8');
		const check = workflow.indexOf('tools/build/publishable.ts');
		assert.ok(check !== -1 && check < workflow.indexOf('npm publish'));
		const release = readFileSync('CONTRIBUTING.md', 'utf8').split('## Release')[1] ?? '';
		for (const number of [1, 2, 3, 4, 5, 6])
			assert.match(release, new RegExp(`^${number}\\. `, 'm'));
	});
});
