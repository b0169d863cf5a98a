import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IDataObject, INode } from 'n8n-workflow';

import { errorDetails, OtpCallError, wordsOf } from '../../calls/errors';
import { n8nWords } from '../forms/words';

/** Where an error happened, and what else a user should know of it. */
export interface ErrorPlace {
	/** Counted from 0, as n8n itself shows it beside the error and in expressions. */
	readonly itemIndex?: number | undefined;
	/** Nobody asks which item it was. */
	readonly isOnlyItem?: boolean;
	/** What is known of the item's call, for the details. */
	readonly about?: IDataObject | undefined;
	/** The execution was stopped meanwhile. n8n tells such an error by the word “canceled” in its message. */
	readonly isCanceled?: boolean;
	/** The calls that were placed before, for the details. */
	readonly placed?: readonly IDataObject[] | undefined;
	/** All items that cannot be sent, for the details. */
	readonly badItems?: readonly IDataObject[];
	/** Added to the remedy. */
	readonly note?: string | undefined;
}

const unexpected = 'Look at the log of n8n, and report this with the steps that lead to it';

/** What flows see of an error beside its message. */
export function detailsOf(error: unknown): IDataObject {
	if (error instanceof OtpCallError) return errorDetails(error, n8nWords);
	return { remedy: unexpected };
}

export function messageOf(error: unknown): string {
	if (error instanceof OtpCallError) return wordsOf(error, n8nWords).message;
	return error instanceof Error ? error.message : 'Something unexpected happened';
}

const remedyOf = (error: unknown): string | undefined =>
	error instanceof OtpCallError ? wordsOf(error, n8nWords).remedy : undefined;

const ofItem = (message: string, itemIndex: number | undefined): string =>
	itemIndex === undefined ? message : `${message} [item ${itemIndex}]`;

function build(node: INode, error: unknown, message: string, description: string | undefined) {
	const status = error instanceof OtpCallError ? error.facts.httpStatus : undefined;
	if (status === undefined) {
		return new NodeOperationError(node, message, {
			...(description !== undefined && { description }),
		});
	}
	const httpCode = String(status);
	return new NodeApiError(
		node,
		{ message },
		{ message, httpCode, ...(description !== undefined && { description }) },
	);
}

/**
 * An error as n8n shows it: what happened as its message, what to do now as its description. It has no
 * cause, since n8n stores causes with the execution.
 */
export function asNodeError(
	node: INode,
	error: unknown,
	{ about, badItems, isCanceled = false, isOnlyItem, itemIndex, note, placed }: ErrorPlace = {},
): NodeApiError | NodeOperationError {
	const words = isCanceled ? `Execution canceled. ${messageOf(error)}` : messageOf(error);
	const message = ofItem(words, isOnlyItem ? undefined : itemIndex);
	const description = [remedyOf(error), note].filter((text) => text !== undefined).join('. ');
	// n8n stores the node with its error, and a code may stand in its parameters.
	const nodeOfError = { ...node, parameters: {} };
	const shown = build(nodeOfError, error, message, description === '' ? undefined : description);
	// n8n replaces a message in which it finds letters such as ECONNREFUSED or EPERM.
	shown.message = message;
	shown.messages = [];
	if (itemIndex !== undefined) shown.context['itemIndex'] = itemIndex;
	shown.context['data'] = {
		...about,
		...detailsOf(error),
		...(placed !== undefined && placed.length > 0 && { placed }),
		...(badItems !== undefined && badItems.length > 1 && { badItems }),
	};
	return shown;
}
