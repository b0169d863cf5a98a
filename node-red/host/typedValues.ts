import type { Node, NodeAPI, NodeMessage } from 'node-red';

import { OtpCallError } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { withoutMarks } from '../../calls/words';
import { invalid, named } from '../../providers/fields';
import type { FieldName } from '../../providers/fields';

/** Reads a field for one message. Throws, or rejects with, nothing but an OtpCallError. */
export interface ValueReader {
	(message: NodeMessage): unknown;
	/** Where it looks, such as `msg.payload.code`; null: the value stands in the form. */
	readonly source?: string | null;
}

/** Node-RED's evaluators, which its types describe only in part. */
type Evaluate = (value: string, type: string, message: NodeMessage) => Promise<unknown>;

const evaluator =
	(RED: NodeAPI, node: Node): Evaluate =>
	(value, type, message) =>
		new Promise((resolve, reject) => {
			// Bad JSON and bad paths throw at once, in spite of the callback.
			RED.util.evaluateNodeProperty(value, type, node, message, (error, result) => {
				if (error) reject(error);
				else resolve(result);
			});
		});

/** Parsed once: parsing takes longer than evaluating. */
function expressionEvaluator(RED: NodeAPI, node: Node, source: string): ValueReader {
	let expression: ReturnType<NodeAPI['util']['prepareJSONataExpression']> | null = null;
	return async (message) => {
		expression ??= RED.util.prepareJSONataExpression(source, node);
		const prepared = expression;
		return await new Promise((resolve, reject) => {
			RED.util.evaluateJSONataExpression(prepared, message, (error, result) => {
				if (error) reject(error);
				else resolve(result);
			});
		});
	};
}

const wordsOfTypes: Readonly<Record<string, string>> = {
	msg: 'property of the message',
	flow: 'flow context value',
	global: 'global context value',
	jsonata: 'JSONata expression',
	env: 'environment variable',
	json: 'JSON',
};

/** JSONata names its errors by a letter and four digits. Its words may quote the message's values. */
const expressionErrorCode = (error: unknown): string => {
	const code: unknown = error instanceof Object && 'code' in error ? error.code : undefined;
	return typeof code === 'string' && /^[A-Z]\d{4}$/.test(code) ? ` (JSONata error ${code})` : '';
};

const unreadable = (name: FieldName, type: string, error: unknown) =>
	invalidInput(
		invalid(
			name,
			`cannot be read: its ${wordsOfTypes[type] ?? 'value'} fails${expressionErrorCode(error)}`,
			`Open the node and correct ${named(name)}`,
		),
	);

/** Reads the value, at once where Node-RED can: an `await` for each field of each message adds up. */
function rawReader(RED: NodeAPI, node: Node, value: unknown, type: string): ValueReader {
	// A flow that was written by hand may hold a number; an empty field is not set, also as a number.
	if (typeof value !== 'string' || type === 'str') return () => value;
	if (value.trim() === '') return () => undefined;
	if (type === 'jsonata') return expressionEvaluator(RED, node, value);
	if (type === 'msg') {
		return (message) => {
			const found: unknown = RED.util.getMessageProperty(message, value);
			return found;
		};
	}
	const evaluate = evaluator(RED, node);
	return (message) => evaluate(value, type, message);
}

/**
 * A reader of a field that the user fills in as text or takes from a message, a context, an
 * expression and so on.
 * @param config holds the value under the property's name, and its type under the same name with `Type`
 */
export function valueReader(
	RED: NodeAPI,
	node: Node,
	config: ReadonlyMap<string, unknown>,
	name: FieldName,
	property: string = name.name,
): ValueReader {
	const type = config.get(`${property}Type`);
	const kind = typeof type === 'string' && type !== '' ? type : 'str';
	const read = rawReader(RED, node, config.get(property), kind);
	const fail = (error: unknown): never => {
		throw unreadable(name, kind, error);
	};
	const reader = (message: NodeMessage): unknown => {
		try {
			const value = read(message);
			return value instanceof Promise ? value.catch(fail) : value;
		} catch (error) {
			return fail(error);
		}
	};
	return Object.assign(reader, { source: sourceOf(config.get(property), kind) });
}

/** Where a value comes from, as the form shows it. */
function sourceOf(value: unknown, type: string): string | null {
	if (typeof value !== 'string' || value.trim() === '') return null;
	if (type === 'msg' || type === 'flow' || type === 'global') return `${type}.${value}`;
	return type === 'env' ? `the environment variable ${value}` : null;
}

/**
 * Does something with values that were read. A value that will not do is said to be so together with where it
 * was looked for: whoever sees a number in the form does not believe that there is none.
 * @param readers by the names of the fields; asked for only when a value will not do
 */
export async function sayingWhere<T>(
	readers: () => ReadonlyMap<string, ValueReader>,
	task: () => Promise<T>,
): Promise<T> {
	try {
		return await task();
	} catch (error) {
		if (!(error instanceof OtpCallError) || error.code !== 'invalid-input') throw error;
		const { field, message } = error.facts;
		const source = readers().get(field ?? '')?.source ?? null;
		if (source === null) throw error;
		const told = `${message} (taken from ${withoutMarks(source)})`;
		throw new OtpCallError({ ...error.facts, message: told });
	}
}

/** Reads what is the same for every message with the first one. What throws does so for each of them. */
export function readOnce<T>(read: () => T): () => T {
	let known: { readonly value: T } | null = null;
	return () => {
		known ??= { value: read() };
		return known.value;
	};
}

/** Reads several fields for one message, by their names. */
export async function readAll(
	readers: ReadonlyMap<string, ValueReader>,
	message: NodeMessage,
): Promise<Record<string, unknown>> {
	const values: Record<string, unknown> = {};
	for (const [name, read] of readers) {
		const value = read(message);
		values[name] = value instanceof Promise ? await value : value;
	}
	return values;
}
