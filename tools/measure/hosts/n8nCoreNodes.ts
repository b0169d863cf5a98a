import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ICredentialType, INodeType } from 'n8n-workflow';

/** n8n's own nodes that a user has without our package. */
export const HTTP_REQUEST = { type: 'n8n-nodes-base.httpRequest', version: 4.4 };
export const IF = { type: 'n8n-nodes-base.if', version: 2.2 };
export const LOOP_OVER_ITEMS = { type: 'n8n-nodes-base.splitInBatches', version: 3 };
export const WAIT = { type: 'n8n-nodes-base.wait', version: 1.1 };
/** The credential type in which users keep a token for HTTP Request. */
export const HEADER_AUTH = 'httpHeaderAuth';

/** What the workflows need of n8n's own package, nodes by their full names. */
export interface CoreNodes {
	readonly nodeTypes: Readonly<Record<string, INodeType>>;
	readonly credentialTypes: readonly ICredentialType[];
}

const CACHE = join(import.meta.dirname, '../../../.cache/n8n-nodes-base');

/**
 * Brings n8n's own nodes, in the version that goes with our n8n-core, into a folder of the repository
 * that git ignores. What is there already is kept.
 * @returns the folder of the package
 */
export async function fetchCoreNodes(): Promise<string> {
	// All packages of an n8n release have the same version.
	const version = versionOf('n8n-core');
	const folder = join(CACHE, 'node_modules', 'n8n-nodes-base');
	if ((await installedVersion(folder)) === version) return folder;
	const npm = process.env['npm_execpath'];
	if (npm === undefined) throw new Error('npm is not known: start this with "npm run bench"');
	process.stderr.write(`Installing n8n-nodes-base ${version} (800 MB, some minutes)\n`);
	await mkdir(CACHE, { recursive: true });
	const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--prefix', CACHE];
	await promisify(execFile)(
		process.execPath,
		[npm, 'install', ...flags, `n8n-nodes-base@${version}`],
		{ cwd: CACHE },
	);
	return folder;
}

async function installedVersion(folder: string): Promise<string | undefined> {
	try {
		return versionIn(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
	} catch {
		return undefined;
	}
}

/** The version of a package that this repository has installed. */
export function versionOf(name: string): string {
	const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`);
	return versionIn(manifest);
}

function versionIn(manifest: unknown): string {
	return typeof manifest === 'object' && manifest !== null && 'version' in manifest
		? String(manifest.version)
		: 'unknown';
}

/** Loads n8n's own nodes. @param folder of an installed `n8n-nodes-base` */
export function loadCoreNodes(folder: string): CoreNodes {
	const load = createRequire(join(resolve(folder), 'package.json'));
	const make = (file: string, name: string): object => made(load(`./dist/${file}`), name);
	const node = (file: string, { type, version }: { type: string; version: number }) => {
		const name = file.slice(file.lastIndexOf('/') + 1);
		const node = make(`nodes/${file}.node.js`, name);
		const versioned = 'getNodeType' in node ? callWith(node, 'getNodeType', version) : node;
		if (!isNodeType(versioned)) throw new TypeError(`${name} is no node`);
		return [type, versioned] as const;
	};
	const headerAuth = make('credentials/HttpHeaderAuth.credentials.js', 'HttpHeaderAuth');
	if (!isCredentialType(headerAuth)) throw new TypeError('HttpHeaderAuth is no credential');
	return {
		nodeTypes: Object.fromEntries([
			node('HttpRequest/HttpRequest', HTTP_REQUEST),
			node('If/If', IF),
			node('SplitInBatches/SplitInBatches', LOOP_OVER_ITEMS),
			node('Wait/Wait', WAIT),
		]),
		credentialTypes: [headerAuth],
	};
}

function made(exported: unknown, name: string): object {
	const type: unknown =
		typeof exported === 'object' && exported !== null ? Reflect.get(exported, name) : undefined;
	if (typeof type !== 'function') throw new TypeError(`n8n-nodes-base has no ${name}`);
	const instance: unknown = Reflect.construct(type, []);
	if (typeof instance !== 'object' || instance === null) throw new TypeError(`${name} is nothing`);
	return instance;
}

function callWith(target: object, method: string, argument: unknown): unknown {
	const called: unknown = Reflect.get(target, method);
	if (typeof called !== 'function') throw new TypeError(`There is no ${method}`);
	return Reflect.apply(called, target, [argument]);
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

function isCredentialType(value: object): value is ICredentialType {
	return 'name' in value && 'properties' in value && Array.isArray(value.properties);
}
