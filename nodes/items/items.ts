import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { canceled } from '../../calls/failures';
import { clock } from '../http/time';
import { asNodeError, detailsOf, messageOf } from './errors';
import { workOn } from './workers';
import type { Outcome, Work } from './workers';

/** The json of the output items that one input item gives. */
export type Results = readonly IDataObject[];

/** True for a node that an AI agent uses: the model reads its output. */
export const isTool = (functions: IExecuteFunctions): boolean =>
	functions.getNode().type.endsWith('Tool');

/** How many outputs a node has, and to which of them each item goes, those of errors included. */
export interface Outputs {
	readonly count: number;
	readonly of: (json: IDataObject) => number;
}

const oneOutput: Outputs = { count: 1, of: () => 0 };

/** A node that is ready to work on its items. */
export interface ReadyNode extends Pick<Work<Results>, 'begin' | 'concurrency'> {
	/** What is known of an item's call, for the details of its error. Never throws. */
	about?(item: number): IDataObject;
	/** Checks one item without any request, before the first item is begun. @throws OtpCallError */
	check?(item: number): Promise<void>;
	/** The calls that were placed before the node stopped. */
	placedSoFar?(): readonly IDataObject[];
	/** What a user has to know beside the error when the node stops at an item. */
	noteOnStop?(items: number): string | undefined;
	/** Called when no item has failed. @returns what the node puts out in place of the outputs */
	allDone?(outputs: INodeExecutionData[][]): Promise<INodeExecutionData[][]> | void;
}

/**
 * The error item as n8n's engine tells it from a result: any other key of its json would send it to the
 * output of the results, and an `error` beside the json would make the engine drop the details.
 */
const errorItem = (error: unknown, item: number, { about }: ReadyNode): INodeExecutionData => ({
	json: { error: messageOf(error), details: { ...about?.(item), ...detailsOf(error) } },
	pairedItem: { item },
});

const itemsOf =
	(ready: ReadyNode) =>
	(outcome: Outcome<Results>, item: number): readonly INodeExecutionData[] => {
		switch (outcome.is) {
			case 'done':
				return outcome.result.map((json) => ({ json, pairedItem: { item } }));
			case 'failed':
				return [errorItem(outcome.error, item, ready)];
			case 'given-up':
				return [errorItem(canceled('This item', false), item, ready)];
		}
	};

/** Throws for the first item that failed, if the node is to stop at failures. */
function stopAtFailure(
	functions: IExecuteFunctions,
	ready: ReadyNode,
	outcomes: ReadonlyArray<Outcome<Results>>,
): void {
	const node = functions.getNode();
	const isCanceled = functions.getExecutionCancelSignal()?.aborted === true;
	const note = () => ready.noteOnStop?.(outcomes.length);
	const placed = () => ready.placedSoFar?.();
	for (const [itemIndex, outcome] of outcomes.entries()) {
		if (outcome.is !== 'failed') continue;
		throw asNodeError(node, outcome.error, {
			itemIndex,
			isOnlyItem: outcomes.length === 1,
			isCanceled,
			about: ready.about?.(itemIndex),
			note: note(),
			placed: placed(),
		});
	}
	if (outcomes.some(({ is }) => is === 'given-up')) {
		throw asNodeError(node, canceled('The node', false), { note: note(), placed: placed() });
	}
}

/** So many items are checked before the host may do something else. */
const checkedInOneGo = 50;

/** So many bad items are named in one error. */
const mostNamed = 20;

/**
 * Checks every item before the first phone rings, for a node that stops at failures: a list with a typo in
 * its middle must not have called its first half.
 */
async function checkAll(
	functions: IExecuteFunctions,
	ready: ReadyNode,
	items: number,
): Promise<void> {
	if (ready.check === undefined) return;
	const failed: { item: number; error: unknown }[] = [];
	for (let item = 0; item < items; item += 1) {
		try {
			await ready.check(item);
		} catch (error) {
			failed.push({ item, error });
		}
		if (item % checkedInOneGo === checkedInOneGo - 1) await clock.sleep(0);
	}
	const [first] = failed;
	if (first === undefined) return;
	const others = failed.slice(1, mostNamed);
	const more = failed.length - 1 - others.length;
	const placed = ready.noteOnStop?.(items);
	const note = [
		...(placed === undefined ? [] : [placed]),
		...others.map(({ item, error }) => `Item ${item}: ${messageOf(error)}`),
		...(more > 0 ? [`${more} more items cannot be sent either`] : []),
	];
	throw asNodeError(functions.getNode(), first.error, {
		itemIndex: first.item,
		isOnlyItem: items === 1,
		...(note.length > 0 && { note: note.join('. ') }),
		placed: ready.placedSoFar?.(),
		badItems: failed.map(({ item, error }) => ({ item, error: messageOf(error) })),
	});
}

/**
 * Runs a node over its input items: in their order, linked to them, a few at a time, and with failures
 * as the node's settings want them.
 * @param prepare what all items share, such as the account; when it fails, every item has failed
 * @param outputs of a node that has several
 */
export async function runItems(
	functions: IExecuteFunctions,
	prepare: () => Promise<ReadyNode>,
	outputs: Outputs = oneOutput,
): Promise<INodeExecutionData[][]> {
	const items = functions.getInputData().length;
	// Of an error that is thrown an agent tells its model the message, if anything: the details say what to do.
	const goOn = functions.continueOnFail() || isTool(functions);
	const ready = await prepare().catch((error: unknown): ReadyNode => {
		if (!goOn) throw asNodeError(functions.getNode(), error);
		return { concurrency: 1, begin: () => Promise.reject(error) };
	});
	if (!goOn) await checkAll(functions, ready, items);
	const outcomes = await workOn({
		...ready,
		items,
		stopAtFailure: !goOn,
		canceled: functions.getExecutionCancelSignal(),
		clock,
	});
	if (!goOn) stopAtFailure(functions, ready, outcomes);
	const results = outcomes.flatMap(itemsOf(ready));
	const all = Array.from({ length: outputs.count }, (_, output) =>
		results.filter(({ json }) => outputs.of(json) === output),
	);
	if (!outcomes.every(({ is }) => is === 'done')) return all;
	return (await ready.allDone?.(all)) ?? all;
}
