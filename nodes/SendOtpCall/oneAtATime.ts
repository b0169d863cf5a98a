/** Runs tasks one after another: each begins when the one before has settled. */
export function oneAtATime(): <T>(task: () => Promise<T>) => Promise<T> {
	let last: Promise<unknown> = Promise.resolve();
	return (task) => {
		const own = last.then(task, task);
		last = own.catch(() => undefined);
		return own;
	};
}
