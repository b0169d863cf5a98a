import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { HttpRequest } from './httpRequest';
import { If } from './if';
import { Wait } from './wait';

/** The nodes that a builder has without our package, by their full names. */
export type CoreNodes = Readonly<Record<string, INodeType>>;

export const HTTP_REQUEST = { type: 'n8n-nodes-base.httpRequest', version: 4.4 };
export const IF = { type: 'n8n-nodes-base.if', version: 2.2 };
export const WAIT = { type: 'n8n-nodes-base.wait', version: 1.1 };

/** The credential type in which builders keep a token for HTTP Request. */
export const headerAuth: ICredentialType = {
	name: 'httpHeaderAuth',
	displayName: 'Header Auth',
	properties: [
		{ displayName: 'Name', name: 'name', type: 'string', default: '' },
		{ displayName: 'Value', name: 'value', type: 'string', default: '' },
	],
};

/** Stands for n8n's own nodes where `n8n-nodes-base` is not installed: the same requests in the same order. */
export const standIns: CoreNodes = {
	[HTTP_REQUEST.type]: new HttpRequest(),
	[IF.type]: new If(),
	[WAIT.type]: new Wait(),
};

/** n8n's own nodes. @param folder of an installed `n8n-nodes-base` */
export function loadCoreNodes(folder: string): CoreNodes {
	const load = createRequire(join(resolve(folder), 'package.json'));
	const node = (file: string, name: string, version: number): INodeType => {
		const exported: unknown = load(`./dist/nodes/${file}`);
		const type = newOf(exported, name);
		return typeof type === 'object' && type !== null && 'getNodeType' in type
			? asNodeType(callWith(type, 'getNodeType', version))
			: asNodeType(type);
	};
	return {
		[HTTP_REQUEST.type]: node(
			'HttpRequest/HttpRequest.node.js',
			'HttpRequest',
			HTTP_REQUEST.version,
		),
		[IF.type]: node('If/If.node.js', 'If', IF.version),
		[WAIT.type]: node('Wait/Wait.node.js', 'Wait', WAIT.version),
	};
}

function newOf(exported: unknown, name: string): unknown {
	const type: unknown =
		typeof exported === 'object' && exported !== null ? Reflect.get(exported, name) : undefined;
	if (typeof type !== 'function') throw new TypeError(`n8n-nodes-base has no node ${name}`);
	return Reflect.construct(type, []);
}

function callWith(target: object, method: string, argument: unknown): unknown {
	const called: unknown = Reflect.get(target, method);
	if (typeof called !== 'function') throw new TypeError(`There is no ${method}`);
	return Reflect.apply(called, target, [argument]);
}

function asNodeType(value: unknown): INodeType {
	if (!isNodeType(value)) throw new TypeError('n8n-nodes-base is of an unknown form');
	return value;
}

function isNodeType(value: unknown): value is INodeType {
	return (
		typeof value === 'object' &&
		value !== null &&
		'description' in value &&
		'execute' in value &&
		typeof value.execute === 'function'
	);
}
