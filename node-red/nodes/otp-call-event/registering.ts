import { isCanceled } from '../../../calls/context';
import type { CallContext } from '../../../calls/context';
import { OtpCallError } from '../../../calls/errors';
import { register } from '../../../calls/registrations';
import type { CallEvent, EventRegistration } from '../../../providers/contract';

/** An address that a provider is to be told. */
export interface Registration {
	readonly url: string;
	readonly events: EventRegistration;
	readonly occasions: readonly CallEvent['occasion'][];
}

/** Told how a registration goes. */
export interface RegistrationWatcher {
	registered(): void;
	/** `triesAgain`: the failure may pass, and the next try is planned. */
	failed(error: unknown, triesAgain: boolean): void;
}

/** The first pause before a registration is tried again, and the longest, in milliseconds. */
const firstPause = 10_000;
const longestPause = 300_000;

/** After these the same try may succeed a little later. */
const passing: ReadonlySet<string> = new Set(['unreachable', 'rate-limited']);

const mayPass = (error: unknown): boolean =>
	error instanceof OtpCallError && passing.has(error.code);

/** Registers an address, and tries again for as long as that may help and the context's signal lets it. */
export async function keepRegistering(
	context: CallContext,
	{ events, occasions, url }: Registration,
	watcher: RegistrationWatcher,
): Promise<void> {
	for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
		try {
			await register(context, events, occasions, url);
			if (!isCanceled(context)) watcher.registered();
			return;
		} catch (error) {
			if (isCanceled(context)) return;
			const triesAgain = mayPass(error);
			watcher.failed(error, triesAgain);
			if (!triesAgain) return;
		}
		await context.clock.sleep(pause, context.signal);
		if (isCanceled(context)) return;
	}
}
