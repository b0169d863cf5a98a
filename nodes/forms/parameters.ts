import { isSafeObjectProperty } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../calls/failures';
import { everywhere, invalid } from '../../providers/fields';

/** The values of a node's parameters, item by item. */
export interface Parameters {
	/** @throws OtpCallError `invalid-input` when an expression cannot be evaluated */
	read(property: INodeProperties, item: number): unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	return isObject(value) && Object.values(value).some(holdsExpression);
}

/** `={{ $json.phone }}` and `={{ $json['Phone Number'] }}`, which is how fields are dragged into a form. */
const fieldOfItem =
	/^=\{\{\s*\$json(?:\.([A-Za-z_]\w*)|\[\s*(?:'([^'\\\r\n]*)'|"([^"\\\r\n]*)")\s*\])\s*\}\}$/;

/** What n8n's engine for expressions gives back as it is. */
const isPlain = (value: unknown): boolean =>
	typeof value === 'string' ||
	typeof value === 'boolean' ||
	(typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0));

/**
 * The value of an expression that only names a field of its item, read from the item: n8n's engine runs
 * each expression apart from everything else, which takes longer than the rest of an item's work. Undefined
 * for everything else, which only the engine knows: other expressions, fields that are missing or
 * inherited, and values of other kinds.
 */
function plainField(expression: unknown, json: IDataObject): unknown {
	const found = typeof expression === 'string' ? fieldOfItem.exec(expression) : null;
	const name = found?.[1] ?? found?.[2] ?? found?.[3];
	// The engine has ways of its own with names that every object knows.
	if (name === undefined || name in Object.prototype || !isSafeObjectProperty(name))
		return undefined;
	const value = Object.hasOwn(json, name) ? json[name] : undefined;
	return isPlain(value) ? value : undefined;
}

/** A collection whose expressions all name a field of the item, with their values; else undefined. */
function plainCollection(
	given: Readonly<Record<string, unknown>>,
	json: IDataObject,
): Record<string, unknown> | undefined {
	const values: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(given)) {
		const known = holdsExpression(value) ? plainField(value, json) : value;
		if (known === undefined) return undefined;
		values[name] = known;
	}
	return values;
}

/**
 * Reads a parameter that holds no expression once for all items: n8n works through the same steps for a
 * fixed value as for an expression, and that costs more than the rest of an item's work.
 */
export function parametersOf(functions: IExecuteFunctions): Parameters {
	const { parameters } = functions.getNode();
	const items = functions.getInputData();
	const fixed = new Map<string, unknown>();

	const fromItem = ({ name, type }: INodeProperties, item: number): unknown => {
		const json = items[item]?.json;
		if (json === undefined) return undefined;
		const given = parameters[name];
		if (type === 'collection' && isObject(given)) return plainCollection(given, json);
		return type === 'string' ? plainField(given, json) : undefined;
	};

	const evaluate = (property: INodeProperties, item: number) => {
		const { name, type, displayName, default: fallback } = property;
		try {
			const extractValue = type === 'resourceLocator';
			return functions.getNodeParameter(name, item, fallback, { extractValue });
		} catch (error) {
			const why = error instanceof Error ? error.message : 'it cannot be evaluated';
			throw invalidInput(
				invalid(
					{ name, label: everywhere(displayName) },
					`has no usable value: ${why}`,
					'Correct the expression of this field',
				),
			);
		}
	};

	return {
		read(property, item) {
			const { name } = property;
			if (fixed.has(name)) return fixed.get(name);
			if (holdsExpression(parameters[name])) {
				return fromItem(property, item) ?? evaluate(property, item);
			}
			const value: unknown = evaluate(property, item);
			fixed.set(name, value);
			return value;
		},
	};
}

/** The values of a collection; an empty one when a user has added none. */
export function asCollection(value: unknown): Readonly<Record<string, unknown>> {
	return isObject(value) ? value : {};
}
