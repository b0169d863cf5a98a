import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, IDataObject, INode } from 'n8n-workflow';

/** An example for n8n, as its file holds it. */
export interface Example {
	readonly id?: string;
	readonly name: string;
	readonly nodes: INode[];
	readonly connections: IConnections;
	readonly settings: IDataObject;
}

const folder = join(import.meta.dirname, '..', '..', 'examples', 'n8n');
/** The names of their files. */
export const exampleFiles = readdirSync(folder);

export function readExample(file: string): Example {
	return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Example;
}

/** Whether a node is one of the package. */
export const isOurs = ({ type }: Pick<INode, 'type'>): boolean =>
	type.startsWith('n8n-nodes-otp-call.');
