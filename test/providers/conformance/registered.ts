import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Provider } from '../../../providers/contract';
import { field, isJsonArray, isJsonObject } from '../../../providers/reading/json';
import { objectIn } from '../../fixtures/samples';
import { check } from './samples';
import type { Check } from './samples';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

const inCapitals = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

const textOf = (root: string, path: string): string => {
	assert.ok(existsSync(join(root, path)), `There is no file ${path}`);
	return readFileSync(join(root, path), 'utf8');
};

/** What a package tells n8n of its credentials. */
function registeredCredentials(root: string): readonly unknown[] {
	const n8n = field(objectIn(textOf(root, 'package.json')), 'n8n');
	const credentials = isJsonObject(n8n) ? field(n8n, 'credentials') : undefined;
	return isJsonArray(credentials) ? credentials : [];
}

/**
 * That n8n finds a provider's credential and its icons, for which it insists on files and on a line.
 * @param root of the repository
 */
export function registeredChecks(provider: Provider, root = repository): readonly Check[] {
	const { account, name } = provider;
	if (account === null) return [];
	const type = account.credential;
	const className = inCapitals(type);
	return [
		check('has a credential of its own for n8n', () => {
			const source = textOf(root, `credentials/${className}.credentials.ts`);
			assert.match(source, new RegExp(`export class ${className}\\b`));
			assert.match(source, new RegExp(`\\bname = '${type}'`), `its name is not ${type}`);
			for (const icon of [`${name}.svg`, `${name}.dark.svg`]) {
				assert.ok(source.includes(`file:../icons/${icon}`), `it does not show icons/${icon}`);
			}
		}),

		check('has a credential that n8n is told of', () => {
			const line = `dist/credentials/${className}.credentials.js`;
			assert.ok(
				registeredCredentials(root).includes(line),
				`package.json lacks this line in the list "credentials" of "n8n":\n      "${line}"`,
			);
		}),

		check('has an icon for light and one for dark backgrounds', () => {
			for (const icon of [`${name}.svg`, `${name}.dark.svg`]) {
				assert.match(textOf(root, `icons/${icon}`), /<svg[\s\S]*<\/svg>\s*$/);
			}
		}),
	];
}
