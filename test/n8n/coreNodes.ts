import { setTimeout } from 'node:timers/promises';

import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { at } from '../tools/simulator/client';
import type { ExtraNodeTypes } from './engine';

/**
 * n8n's core nodes as far as the examples use them, since n8n-nodes-base is too large to be installed for
 * tests. Conditions and expressions are evaluated by n8n's own engine all the same.
 */

type Execute = (functions: IExecuteFunctions) => INodeExecutionData[][];

function nodeType(
	outputs: INodeTypeDescription['outputs'],
	properties: INodeProperties[],
	execute: Execute,
): INodeType {
	return {
		description: {
			displayName: 'Core Node',
			name: 'coreNode',
			group: ['transform'],
			version: [1, 1.1, 1.2, 2, 2.2, 3.2, 3.4],
			description: 'Stands for a core node of n8n',
			defaults: { name: 'Core Node' },
			inputs: ['main'],
			outputs,
			properties,
		},
		async execute(this: IExecuteFunctions) {
			return execute(this);
		},
	};
}

const passOn = nodeType(['main'], [], (functions) => [functions.getInputData()]);

/** A short while in the place of a long one. */
const wait: INodeType = {
	...passOn,
	async execute(this: IExecuteFunctions) {
		await setTimeout(2_000);
		return [this.getInputData()];
	},
};

const filter: INodeProperties = {
	displayName: 'Conditions',
	name: 'conditions',
	type: 'filter',
	default: {},
	typeOptions: { filter: { version: 2 } },
};

const ifNode = nodeType(['main', 'main'], [filter], (functions) => {
	const items = functions.getInputData();
	const isTrue = items.map((_, index) =>
		functions.getNodeParameter('conditions', index, false, { extractValue: true }),
	);
	return [items.filter((_, index) => isTrue[index]), items.filter((_, index) => !isTrue[index])];
});

const rules: INodeProperties = {
	displayName: 'Rules',
	name: 'rules',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	options: [{ displayName: 'Rules', name: 'values', values: [filter] }],
};

const switchNode = nodeType(
	'={{ Array($parameter.rules.values.length + 1).fill("main") }}',
	[rules],
	(functions) => {
		const given = at(functions.getNodeParameter('rules', 0), 'values');
		const count = Array.isArray(given) ? given.length : 0;
		const outputs: INodeExecutionData[][] = Array.from({ length: count + 1 }, () => []);
		for (const [index, item] of functions.getInputData().entries()) {
			const matches = (rule: number): unknown =>
				functions.getNodeParameter(`rules.values[${rule}].conditions`, index, false, {
					extractValue: true,
				});
			const first = Array.from({ length: count }, (_, rule) => rule).find(matches);
			outputs[first ?? count]?.push(item);
		}
		return outputs;
	},
);

const assignments: INodeProperties = {
	displayName: 'Fields to Set',
	name: 'assignments',
	type: 'assignmentCollection',
	default: {},
};

const setNode = nodeType(['main'], [assignments], (functions) => [
	functions.getInputData().map((_, index) => {
		const given = at(functions.getNodeParameter('assignments', index), 'assignments');
		const fields = Array.isArray(given) ? given : [];
		const json: IDataObject = Object.fromEntries(
			fields.map((field) => [String(at(field, 'name')), String(at(field, 'value'))]),
		);
		return { json, pairedItem: { item: index } };
	}),
]);

/** A page of a form: what a person types into it stands in the answers, by the page's name. */
const formNode = (answers: Readonly<Record<string, () => IDataObject>>): INodeType =>
	nodeType(['main'], [], (functions) => {
		const answer = answers[functions.getNode().name];
		const items = functions.getInputData();
		if (answer === undefined) return [items];
		return [items.map((_, index) => ({ json: answer(), pairedItem: { item: index } }))];
	});

/** The core nodes of the examples. @param answers what is typed into the pages of forms, by their names */
export const coreNodes = (
	answers: Readonly<Record<string, () => IDataObject>> = {},
): ExtraNodeTypes => ({
	'n8n-nodes-base.manualTrigger': passOn,
	'n8n-nodes-base.scheduleTrigger': passOn,
	'n8n-nodes-base.webhook': passOn,
	'n8n-nodes-base.respondToWebhook': passOn,
	'n8n-nodes-base.formTrigger': passOn,
	'n8n-nodes-base.noOp': passOn,
	'n8n-nodes-base.wait': wait,
	'n8n-nodes-base.convertToFile': passOn,
	'n8n-nodes-base.if': ifNode,
	'n8n-nodes-base.switch': switchNode,
	'n8n-nodes-base.set': setNode,
	'n8n-nodes-base.form': formNode(answers),
});
