import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

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

/**
 * Reads a parameter that holds no expression once for all items: n8n works through the same steps for a
 * fixed value as for an expression, and that costs more than the rest of an item's work.
 */
export function parametersOf(functions: IExecuteFunctions): Parameters {
	const { parameters } = functions.getNode();
	const fixed = new Map<string, unknown>();

	const evaluate = (
		{ name, type, displayName, default: fallback }: INodeProperties,
		item: number,
	) => {
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
			const value: unknown = evaluate(property, item);
			if (!holdsExpression(parameters[name])) fixed.set(name, value);
			return value;
		},
	};
}

/** The values of a collection; an empty one when a user has added none. */
export function asCollection(value: unknown): Readonly<Record<string, unknown>> {
	return isObject(value) ? value : {};
}
