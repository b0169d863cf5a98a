import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { PackageDirectoryLoader } from 'n8n-core';
import { NodeHelpers } from 'n8n-workflow';
import type { INodeParameters, INodeTypeDescription } from 'n8n-workflow';

import { providers } from '../../providers';
import { currentVersion, loadPackage, runNode } from './engine';
import { schemaFiles } from '../../tools/build/outputSchema';
import { sandboxSend } from './accounts';
import { record, text } from './reading';

const repository = join(import.meta.dirname, '..', '..');

describe('the description of the n8n nodes', () => {
	let loader: PackageDirectoryLoader;
	before(async () => {
		loader = await loadPackage();
	});

	const descriptionOf = (name: string): INodeTypeDescription => {
		const { type } = loader.getNode(name);
		assert.ok('description' in type && 'properties' in type.description);
		return type.description;
	};

	const versionsOf = (name: string): readonly number[] => {
		const { version } = descriptionOf(name);
		return Array.isArray(version) ? version : [version];
	};

	/** The names of the fields that a user sees. */
	const shownFor = (name: string, parameters: INodeParameters): string[] => {
		const description = descriptionOf(name);
		return description.properties
			.filter((property) =>
				NodeHelpers.displayParameter(
					parameters,
					property,
					{ typeVersion: currentVersion },
					description,
				),
			)
			.map((property) => property.name);
	};

	const always = [
		'provider',
		'phoneNumber',
		'keepForCheck',
		'waitForResult',
		'simplify',
		'options',
	];

	it('shows the fields of the chosen provider only', () => {
		const ofProvider = (provider: string) =>
			shownFor('sendOtpCall', { provider, generateCode: false }).filter(
				(name) => ![...always, 'code', 'generateCode', 'retryNotice'].includes(name),
			);
		assert.deepEqual(ofProvider('bitel'), ['bitelOptions']);
		assert.deepEqual(ofProvider('autocall'), ['campaign', 'template', 'refId']);
		assert.deepEqual(ofProvider('sandbox'), ['sandboxNotice']);
	});

	it('asks for a code only when none is generated', () => {
		const shown = shownFor('sendOtpCall', { provider: 'bitel', generateCode: true });
		assert.ok(!shown.includes('code'));
		for (const name of always) assert.ok(shown.includes(name), name);
	});

	it('offers lists and record IDs only where a provider has them', () => {
		const shown = (provider: string, operation: string) =>
			shownFor('getOtpCallStatus', { provider, operation, returnAll: false });
		const one = ['provider', 'operation', 'callId', 'waitUntilEnded', 'simplify', 'options'];
		for (const { name } of providers) assert.deepEqual(shown(name, 'get'), one);
		assert.deepEqual(shown('bitel', 'getAll'), [
			'provider',
			'operation',
			'noList',
			'simplify',
			'options',
		]);
		assert.deepEqual(shown('autocall', 'getAll'), [
			'provider',
			'operation',
			'returnAll',
			'limit',
			'filters',
			'simplify',
			'options',
		]);
	});

	for (const name of ['sendOtpCall', 'getOtpCallStatus', 'checkOtpCode']) {
		it(`${name}: tells a model what it does, what it puts out, and what comes next`, () => {
			const { description, properties } = descriptionOf(name);
			// By another name n8n would add a field of its own, and run with the description for people.
			const told = properties.find((property) => property.name === 'toolDescription');
			assert.deepEqual(told?.displayOptions, { show: { '@tool': [true] } });
			assert.ok(text(told.default).startsWith(description), text(told.default));
			assert.match(text(told.default), /\b(?:callId|attemptsLeft)\b/);
		});
	}

	for (const name of ['sendOtpCall', 'getOtpCallStatus']) {
		it(`${name}: offers every provider, in one order`, () => {
			// The one before it is for nodes of 0.1.0.
			const provider = descriptionOf(name).properties.findLast(
				(property) => property.name === 'provider',
			);
			assert.deepEqual(
				provider?.options?.map((option) => ('value' in option ? option.value : null)),
				providers.map((known) => known.name),
			);
			assert.equal(provider?.default, 'sandbox');
		});

		it(`${name}: keeps the provider of a node of 0.1.0 that stored none, being the default of then`, () => {
			const description = descriptionOf(name);
			const providerIn = (typeVersion: number) =>
				NodeHelpers.getNodeParameters(
					description.properties,
					{},
					true,
					false,
					{ typeVersion },
					description,
				)?.['provider'];
			assert.deepEqual([providerIn(1), providerIn(currentVersion)], ['bitel', 'sandbox']);
			assert.deepEqual(description.version, [1, currentVersion]);
		});

		it(`${name}: is added for any provider, whichever of its actions is chosen`, () => {
			for (const property of descriptionOf(name).properties) {
				if (property.name === 'operation') assert.equal(property.displayOptions, undefined);
			}
		});

		it(`${name}: can be used as a tool, and has a subtitle that says what it does`, () => {
			const { subtitle, usableAsTool } = descriptionOf(name);
			assert.ok(usableAsTool);
			assert.match(subtitle ?? '', /\$parameter\["provider"\]/);
		});

		it(`${name}: asks for the credential of the chosen provider`, () => {
			assert.deepEqual(
				descriptionOf(name).credentials?.map(({ displayOptions, name: type }) => [
					type,
					displayOptions?.show?.['provider'],
				]),
				providers.flatMap(({ account, name: provider }) =>
					account === null ? [] : [[account.credential, [provider]]],
				),
			);
		});

		it(`${name}: lists its options in alphabetical order`, () => {
			for (const property of descriptionOf(name).properties) {
				if (property.type !== 'collection') continue;
				const labels = (property.options ?? []).map((option) =>
					'displayName' in option ? option.displayName : option.name,
				);
				assert.deepEqual(labels, [...labels].sort(), property.name);
			}
		});

		it(`${name}: has a codex file of its own name`, () => {
			const { sourcePath } = loader.getNode(name);
			const file = join(repository, sourcePath).replace(/\.js$/, '.json');
			const codex = record(JSON.parse(readFileSync(file, 'utf8')));
			assert.equal(codex['node'], `n8n-nodes-otp-call.${name}`);
		});

		it(`${name}: describes the fields that it puts out`, async () => {
			const send = sandboxSend({ keepForCheck: name === 'sendOtpCall' });
			const sent = await runNode({ ...send, items: [{ phone: '09123456789', code: '12345' }] });
			const items = (sent.outputs[0] ?? []).map(({ json }) => ({ ...json, typed: '12345' }));
			const check = { ...send, type: name, parameters: { provider: 'sandbox', code: '12345' } };
			const run = name === 'checkOtpCode' ? await runNode({ ...check, items }) : sent;
			const put = record(run.outputs[0]?.[0]?.json);
			const { sourcePath } = loader.getNode(name);
			const operations = name === 'getOtpCallStatus' ? ['get', 'getAll'] : [];
			for (const version of versionsOf(name)) {
				for (const path of schemaFiles(version, operations)) {
					const text = readFileSync(join(repository, dirname(sourcePath), path), 'utf8');
					const described = record(record(JSON.parse(text))['properties']);
					assert.deepEqual(Object.keys(described), Object.keys(put), path);
				}
			}
		});
	}

	for (const name of ['sendOtpCall', 'getOtpCallStatus', 'otpCallTrigger']) {
		it(`${name}: is found by the words that builders search for`, () => {
			const { sourcePath } = loader.getNode(name);
			const file = join(repository, sourcePath).replace(/\.js$/, '.json');
			const { alias } = record(JSON.parse(readFileSync(file, 'utf8')));
			assert.ok(Array.isArray(alias));
			const searched = [
				'verify phone',
				'verify',
				'voice call',
				'telephone',
				'one time password',
				'sms',
				'tel4vn',
				...providers.flatMap(({ account, name: provider }) => (account === null ? [] : [provider])),
			];
			for (const words of searched) assert.ok(alias.includes(words), words);
		});
	}

	for (const name of providers.flatMap(({ account }) => account?.credential ?? [])) {
		it(`${name}: hides its secrets, and has a test`, () => {
			const { properties, test } = loader.getCredential(name).type;
			for (const property of properties) {
				if (!/token|apiKey/i.test(property.name)) continue;
				assert.equal(property.typeOptions?.['password'], true, property.name);
			}
			assert.ok(test !== undefined);
		});
	}

	it('has an icon for each theme', () => {
		const { nodes, credentials } = loader.types;
		for (const { iconUrl } of [...nodes, ...credentials]) {
			for (const theme of ['light', 'dark']) {
				const url = text(record(iconUrl)[theme]);
				const file = url.replace('icons/n8n-nodes-otp-call/', '');
				assert.ok(existsSync(join(repository, file)), url);
			}
		}
	});
});
