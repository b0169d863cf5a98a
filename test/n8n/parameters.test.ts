import assert from 'node:assert/strict';

import fc from 'fast-check';
import { Expression } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
} from 'n8n-workflow';

import { parametersOf } from '../../nodes/forms/parameters';
import { runNode } from './engine';

const text: INodeProperties = { name: 'text', displayName: 'Text', type: 'string', default: '' };
const more: INodeProperties = {
	name: 'more',
	displayName: 'More',
	type: 'collection',
	default: {},
	options: [
		{ name: 'first', displayName: 'First', type: 'string', default: '' },
		{ name: 'second', displayName: 'Second', type: 'string', default: '' },
	],
};

const orThrown = (read: () => unknown): unknown => {
	try {
		return { value: read() };
	} catch {
		return { isThrown: true };
	}
};

/** Reads each parameter of each item by our reader, and by n8n's alone. */
class Probe implements INodeType {
	readonly compared: { item: number; ours: unknown; engine: unknown; asked: number }[] = [];

	description: INodeType['description'] = {
		displayName: 'Probe',
		name: 'probe',
		group: ['transform'],
		version: 1,
		description: 'Reads parameters in two ways',
		defaults: { name: 'Probe' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [text, more],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		let asked = 0;
		const counting = new Proxy(this, {
			get: (target, name): unknown => {
				if (name === 'getNodeParameter') asked += 1;
				return Reflect.get(target, name);
			},
		});
		const reader = parametersOf(counting);
		for (const item of this.getInputData().keys()) {
			for (const property of [text, more]) {
				asked = 0;
				const ours = orThrown(() => reader.read(property, item));
				const askedByUs = asked;
				const engine = orThrown(() => this.getNodeParameter(property.name, item, property.default));
				probe.compared.push({ item, ours, engine, asked: askedByUs });
			}
		}
		return [[]];
	}
}

let probe = new Probe();

async function compare(
	items: readonly IDataObject[],
	parameters: { text: string; more: Record<string, string> },
): Promise<Probe['compared']> {
	probe = new Probe();
	const { error } = await runNode({
		type: 'probe',
		extraTypes: { 'n8n-nodes-otp-call.probe': probe },
		items,
		parameters,
	});
	assert.equal(error, undefined);
	assert.equal(probe.compared.length, items.length * 2);
	return probe.compared;
}

const strange = ['constructor', '__proto__', 'toString', 'prototype', 'caller', 'hasOwnProperty'];
const names = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.constantFrom('phone', 'a_1', 'Phone Number', 'شماره', 'length', 'x.y'),
	},
	{ weight: 1, arbitrary: fc.constantFrom(...strange) },
);
const values = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.constantFrom('=x', '={{ 1 + 1 }}', '2026-01-02T03:04:05Z', '', '0912', '\ud800'),
	fc.integer(),
	fc.double(),
	fc.boolean(),
	fc.constant(null),
	fc.constant({ deep: 'x' }),
	fc.constant(['x']),
);
const jsons = fc.dictionary(names, values, { noNullPrototype: true });
const quoted = (name: string): string => JSON.stringify(name).slice(1, -1);
const expressions = fc.oneof(
	names.map((name) => `={{ $json.${name} }}`),
	names.map((name) => `={{$json['${quoted(name)}']}}`),
	names.map((name) => `={{ $json[ "${quoted(name)}" ] }}`),
	names.map((name) => `=+98{{ $json.${name} }}`),
	names.map((name) => `={{ $json.${name}.length }}`),
	fc.constantFrom(
		'fixed',
		'={{ $itemIndex }}',
		'={{ $json }}',
		'={{ $json.phone',
		'= {{ $json.phone }}',
	),
);

for (const engine of ['legacy', 'vm'] as const) {
	describe(`A parameter that names a field of its item, beside n8n's engine (${engine})`, () => {
		before(async () => {
			if (engine === 'legacy') return;
			await Expression.initExpressionEngine({
				engine,
				poolSize: 1,
				maxCodeCacheSize: 1024,
				bridgeTimeout: 5000,
				bridgeMemoryLimit: 128,
			});
		});
		after(async () => {
			if (engine === 'legacy') return;
			await Expression.disposeExpressionEngine();
			Expression.setExpressionEngine('legacy');
		});

		it('has the value that the engine gives, or its error', async () => {
			await fc.assert(
				fc.asyncProperty(
					fc.array(jsons, { minLength: 1, maxLength: 20 }),
					expressions,
					expressions,
					expressions,
					async (items, ofText, first, second) => {
						const parameters = { text: ofText, more: { first, second } };
						for (const { ours, engine: expected } of await compare(items, parameters)) {
							assert.deepEqual(ours, expected);
						}
					},
				),
				{ numRuns: 25 },
			);
		});

		it('is read without the engine', async () => {
			const items = [{ phone: '0912', code: 7, 'Phone Number': '0913', isOn: false }];
			const parameters = {
				text: '={{ $json.phone }}',
				more: { first: '={{ $json["Phone Number"] }}', second: "={{ $json['isOn'] }}" },
			};
			const compared = await compare(items, parameters);
			assert.deepEqual(
				compared.map(({ asked, ours }) => [asked, ours]),
				[
					[0, { value: '0912' }],
					[0, { value: { first: '0913', second: false } }],
				],
			);
		});

		it('is left to the engine where it is inherited, missing, or no plain value', async () => {
			for (const name of [...strange, 'missing', 'list']) {
				const compared = await compare([{ list: ['x'] }], {
					text: `={{ $json.${name} }}`,
					more: { first: `={{ $json.${name} }}` },
				});
				for (const { asked, engine: expected, ours } of compared) {
					assert.equal(asked, 1, name);
					assert.deepEqual(ours, expected);
				}
			}
		});
	});
}
