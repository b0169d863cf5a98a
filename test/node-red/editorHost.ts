import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

import type { NodeType } from '../../node-red/forms/fields';
import { at } from './runningFlow';
import type { Fields, HostName } from './runningFlow';

/**
 * The part of Node-RED's own editor that checks nodes, out of the file that browsers load, with the forms of
 * the built palette registered in it. There is no page: no form is open.
 */

const require = createRequire(import.meta.url);

const editorSource = (host: HostName): string => {
	const from = createRequire(require.resolve(`${host}/package.json`));
	const client = createRequire(from.resolve('@node-red/editor-api')).resolve(
		'@node-red/editor-client/package.json',
	);
	return readFileSync(join(client, '..', 'public/red/red.js'), 'utf8');
};

/** A module of the editor, as `RED.<name> = (function() { … })();` stands in the file. */
function moduleOf(source: string, name: string): string {
	const start = source.indexOf(`\nRED.${name} = (function() {`);
	const end = source.indexOf('\n})();', start);
	if (start === -1 || end === -1) throw new Error(`The editor has no RED.${name}`);
	return source.slice(start, end + '\n})();'.length);
}

interface Definition {
	readonly defaults: Readonly<Record<string, { readonly value?: unknown }>>;
	readonly credentials?: object;
}

/** What the editor makes of a node. */
export interface Judgement {
	readonly valid: unknown;
	/** Sentences; the bare name of a property where the editor has no reason. */
	readonly errors: readonly string[];
}

/** Node-RED's editor, so far as it checks nodes. */
export class EditorHost {
	readonly #sandbox: { readonly RED: Record<string, unknown> };
	readonly #definitions = new Map<string, Definition>();
	readonly #nodes = new Map<string, object>();

	/** @param locale that of the words, as Node-RED names it */
	constructor(host: HostName, folder: string, locale: string, types: readonly NodeType[]) {
		const wordsOf = (type: string): unknown =>
			JSON.parse(readFileSync(join(folder, 'locales', locale, `${type}.json`), 'utf8'));
		const say = (key: string, values: unknown): string => {
			const [, type = '', path = ''] = /^@otp-call[^:]*\/([\w-]+):(.+)$/.exec(key) ?? [];
			if (type === '') return `${key} ${JSON.stringify(values ?? {})}`;
			return String(at(wordsOf(type), ...path.split('.')));
		};
		const nothing = { length: 0, next: () => nothing, val: () => undefined, is: () => false };
		const RED = {
			_: say,
			settings: {},
			nodes: {
				registerType: (type: string, definition: Definition) => {
					this.#definitions.set(type, definition);
				},
				getType: (type: string) => this.#definitions.get(type),
				node: (id: string) => this.#nodes.get(id) ?? null,
				subflow: () => null,
			},
		};
		this.#sandbox = { RED };
		// The library for help texts, which the editor prepares when it is loaded.
		const marked = { Renderer: class {}, use: () => undefined, setOptions: () => undefined };
		const page = { window: { marked }, $: () => nothing, URL, console };
		const context = createContext({ ...this.#sandbox, ...page });
		const source = editorSource(host);
		runInContext(moduleOf(source, 'utils'), context);
		runInContext(moduleOf(source, 'editor'), context);
		for (const type of types) {
			const html = readFileSync(join(folder, `${type}.html`), 'utf8');
			const [, script = ''] =
				/<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html) ?? [];
			runInContext(script, context);
		}
	}

	/** Has the editor check a node with the start values of its type, and these in place of some of them. */
	validate(type: NodeType, id: string, fields: Fields, credentials?: Fields): Judgement {
		const definition = this.#definitions.get(type);
		if (definition === undefined) throw new Error(`No ${type}`);
		const values = Object.entries(definition.defaults).map(
			([name, { value }]): [string, unknown] => [name, value],
		);
		const node: Fields = {
			...Object.fromEntries<unknown>(values),
			...fields,
			id,
			type,
			_def: { ...definition, ...(credentials !== undefined && { _creds: credentials }) },
		};
		this.#nodes.set(id, node);
		const { editor } = this.#sandbox.RED as {
			editor: { validateNode(node: object): unknown };
		};
		editor.validateNode(node);
		const errors = at(node, 'validationErrors');
		return {
			valid: at(node, 'valid'),
			errors: Array.isArray(errors) ? Array.from(errors, String) : [],
		};
	}
}
