import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { checkCode } from '../../calls/codeCheck';
import { OtpCallError } from '../../calls/errors';
import { checkProvider } from '../../calls/input';
import { connect } from '../http/connection';
import { asNodeError } from '../items/errors';
import { isTool } from '../items/items';
import type { Outputs, ReadyNode } from '../items/items';
import { asCollection, parametersOf } from '../forms/parameters';
import { markStoreOf } from '../stores/markStore';
import { checkOptions, codeProperty, verificationProperty } from './properties';

/** What is not right, errors included, goes to the second output. A tool has one. */
export const outputsOf = (functions: IExecuteFunctions): Outputs | undefined =>
	isTool(functions) ? undefined : { count: 2, of: ({ valid }) => (valid === true ? 0 : 1) };

/**
 * With this setting n8n puts an empty item on the first output of a node that has none for it, which
 * would let everybody in. @throws NodeOperationError
 */
export function refuseAlwaysOutput(functions: IExecuteFunctions): void {
	const node = functions.getNode();
	if (node.alwaysOutputData !== true) return;
	throw asNodeError(
		node,
		new OtpCallError({
			kind: 'invalid-input',
			message: 'Always Output Data is on: n8n would send an item to Right for a wrong code, too',
			remedy: 'Turn Always Output Data off in the settings of this node',
			callMayHaveBeenPlaced: false,
		}),
	);
}

const checksAtATime = 16;

/** Makes everything ready to check the codes of all items. @throws OtpCallError */
export async function prepareChecks(functions: IExecuteFunctions): Promise<ReadyNode> {
	const provider = checkProvider(functions.getNodeParameter('provider', 0, ''));
	const { context } = await connect(functions, provider);
	const parameters = parametersOf(functions);
	const store = markStoreOf(functions);
	const added = asCollection(functions.getNode().parameters[checkOptions.name]);

	return {
		// So many share their questions to the store. The tries of one token follow one another all the same, in
		// the order of their items: each takes its turn at the token in the moment in which its item is begun.
		concurrency: checksAtATime,
		async begin(item) {
			const options = asCollection(parameters.read(checkOptions, item));
			const { maxAttempts, phoneNumber, purpose } = options;
			const result = await checkCode(context, store, {
				verification: parameters.read(verificationProperty, item),
				code: parameters.read(codeProperty, item),
				// An option that was added and is empty, or whose expression finds nothing, is another number.
				...('phoneNumber' in { ...added, ...options } && { phoneNumber: phoneNumber ?? '' }),
				purpose,
				maxAttempts,
			});
			return { result: [{ ...result } satisfies IDataObject] };
		},
	};
}
