import type { Clock } from '../../calls/transport';

/** What has become of one item. */
export type Outcome<T> =
	| { readonly is: 'done'; readonly result: T }
	| { readonly is: 'failed'; readonly error: unknown }
	/** Another item failed, or the execution was stopped, before this one began or was through. */
	| { readonly is: 'given-up' };

/** An item whose first part is through. What it still waits for holds no place among the workers. */
export type Started<T> = { readonly result: T } | { readonly waiting: Promise<T> };

export interface Work<T> {
	readonly items: number;
	/** How many items are begun at the same time. */
	readonly concurrency: number;
	/** After a failure no further item is begun, and what only waits is ended. */
	readonly stopAtFailure: boolean;
	/** The execution's own signal. */
	readonly canceled: AbortSignal | undefined;
	readonly clock: Clock;
	/** @param ending aborts when what it waits for is to be ended */
	begin(item: number, ending: AbortSignal): Promise<Started<T>>;
}

/** So many items are begun before the host may do something else: some of them never wait for anything. */
const itemsInOneGo = 20;

/**
 * Works on all items, a few at a time, and puts what became of them in their order. What is under way
 * when another item fails is awaited: a call that has been asked for is never abandoned.
 */
export async function workOn<T>(work: Work<T>): Promise<ReadonlyArray<Outcome<T>>> {
	const { items, canceled, clock, stopAtFailure } = work;
	const outcomes = Array.from({ length: items }, (): Outcome<T> => ({ is: 'given-up' }));
	const waits: Array<Promise<void>> = [];
	const ending = new AbortController();
	const end = () => ending.abort();
	let next = 0;
	let hasFailed = false;

	const settle = (item: number, outcome: Outcome<T>) => {
		outcomes[item] = outcome;
		if (outcome.is === 'failed' && stopAtFailure) {
			hasFailed = true;
			end();
		}
	};

	const follow = async (item: number, waiting: Promise<T>) => {
		const outcome = await waiting.then(
			(result): Outcome<T> => ({ is: 'done', result }),
			// What was ended because of another item has not failed itself.
			(error: unknown): Outcome<T> => (hasFailed ? { is: 'given-up' } : { is: 'failed', error }),
		);
		settle(item, outcome);
	};

	const workOnItem = async (item: number) => {
		try {
			const started = await work.begin(item, ending.signal);
			if ('waiting' in started) waits.push(follow(item, started.waiting));
			else settle(item, { is: 'done', result: started.result });
		} catch (error) {
			settle(item, { is: 'failed', error });
		}
	};

	const isAnotherToBegin = () =>
		next < items && !hasFailed && !(stopAtFailure && canceled?.aborted);

	/** Begins items in their order, whoever pauses meanwhile. */
	const worker = async () => {
		while (isAnotherToBegin()) {
			if (next % itemsInOneGo === itemsInOneGo - 1) await clock.sleep(0);
			if (!isAnotherToBegin()) return;
			const item = next;
			next += 1;
			await workOnItem(item);
		}
	};

	if (canceled?.aborted) end();
	canceled?.addEventListener('abort', end, { once: true });
	try {
		await Promise.all(Array.from({ length: Math.min(work.concurrency, items) }, worker));
		await Promise.all(waits);
	} finally {
		canceled?.removeEventListener('abort', end);
	}
	return outcomes;
}
