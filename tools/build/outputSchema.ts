/**
 * What the nodes put out for a call, in n8n's form: its editor shows these fields of a node that has not run
 * yet, to be dragged into the form of the next one. In the order of the output.
 */
const textOrNull = { type: ['string', 'null'] };
const numberOrNull = { type: ['number', 'null'] };

const callSchema = {
	type: 'object',
	properties: {
		status: { type: 'string' },
		answered: { type: ['boolean', 'null'] },
		reason: textOrNull,
		phoneNumber: { type: 'string' },
		callId: { type: 'string' },
		provider: { type: 'string' },
		final: { type: 'boolean' },
		requestedAt: textOrNull,
		answeredAt: textOrNull,
		endedAt: textOrNull,
		durationSeconds: numberOrNull,
		billedSeconds: numberOrNull,
		cost: {
			type: 'object',
			properties: { amount: { type: 'number' }, currency: { type: 'string' } },
		},
	},
	version: 1,
} as const;

/** What a check of a code puts out. */
const checkSchema = {
	type: 'object',
	properties: {
		valid: { type: 'boolean' },
		reason: textOrNull,
		attemptsLeft: { type: 'number' },
		phoneNumber: textOrNull,
		provider: { type: 'string' },
		purpose: textOrNull,
	},
	version: 1,
} as const;

/** What a send puts out whose code is kept for a check. */
const sendSchema = {
	...callSchema,
	properties: { ...callSchema.properties, verification: { type: 'string' } },
} as const;

/** @param node the name of the node's folder */
export function outputSchemaOf(node: string): object {
	if (node === 'CheckOtpCode') return checkSchema;
	return node === 'SendOtpCall' ? sendSchema : callSchema;
}

/**
 * Where n8n looks for the schema of a version of a node, below the node's folder: the editor by the version
 * and, where there is one, the operation; the builder of workflows for `output` as well.
 */
export function schemaFiles(version: number, operations: readonly string[]): readonly string[] {
	const folder = `__schema__/v${String(version).split('.').concat('0', '0').slice(0, 3).join('.')}`;
	const named = operations.length === 0 ? [`${folder}.json`] : [];
	return [...named, ...['output', ...operations].map((name) => `${folder}/${name}.json`)];
}
