import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { FlowNode } from './runningFlow';

const folder = join(import.meta.dirname, '..', '..', 'node-red', 'examples');

function readExample(file: string): FlowNode[] {
	const nodes: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
	assert.ok(Array.isArray(nodes), file);
	return nodes as FlowNode[];
}

/** All examples of the package, as they are imported. */
export const examples = readdirSync(folder).map((file) => ({ file, nodes: readExample(file) }));

/** The only one that needs another palette. */
export const withDashboard = 'sign-up with Dashboard 2.json';

/** Those that need no other palette. */
export const own = examples.filter(({ file }) => file !== withDashboard);
