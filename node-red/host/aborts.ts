/** The callbacks that wait for a signal; one listener on the signal serves them all. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

function watch(signal: AbortSignal): Set<() => void> {
	const callbacks = new Set<() => void>();
	waiting.set(signal, callbacks);
	signal.addEventListener(
		'abort',
		() => {
			for (const callback of callbacks) callback();
			callbacks.clear();
		},
		{ once: true },
	);
	return callbacks;
}

/**
 * Calls back once when the signal aborts, at once when it has aborted already. Adding and taking away
 * cost the same however many wait: a signal's own list is searched for each listener, which thousands
 * of waiting messages would feel.
 * @returns takes the callback away
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
	if (signal === undefined) return () => undefined;
	if (signal.aborted) {
		callback();
		return () => undefined;
	}
	const callbacks = waiting.get(signal) ?? watch(signal);
	callbacks.add(callback);
	return () => {
		callbacks.delete(callback);
	};
}
