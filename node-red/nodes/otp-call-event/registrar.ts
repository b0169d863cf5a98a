import { isCanceled } from '../../../calls/context';
import type { CallContext } from '../../../calls/context';
import { OtpCallError } from '../../../calls/errors';
import { register, unregister } from '../../../calls/registrations';
import type { EventRegistration, EventType } from '../../../providers/contract';
import type { OpenAccount } from '../../host/account';

/** An address that a provider is to be told. */
interface Registration {
	readonly url: string;
	readonly events: EventRegistration;
	readonly types: readonly EventType[];
}

/** Told how a registration goes. */
interface RegistrationWatcher {
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
async function keepRegistering(
	context: CallContext,
	{ events, types, url }: Registration,
	watcher: RegistrationWatcher,
): Promise<void> {
	for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
		try {
			await register(context, events, types, url);
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

/** What a node has registered, and with what account. */
export interface NodeRegistration extends Registration {
	/** Equal for the same account with the same token. */
	readonly accountKey: string;
	/**
	 * The account with connections of its own: the account's node may be closed, and changed or removed,
	 * before the node that used it.
	 */
	readonly reopen: () => OpenAccount;
}

export interface RegistrarWatcher extends RegistrationWatcher {
	/** An address that is not used any more could not be taken back: deliveries to it are refused. */
	notWithdrawn(error: unknown): void;
}

/** Node-RED gives a closing node 15 seconds. */
const longestFarewell = 10_000;

/** A token that has been replaced: whatever it had registered is out of reach, or known to the new one. */
const isOutOfReach = (error: unknown): boolean =>
	error instanceof OtpCallError && error.code === 'not-authorized';

async function withdraw(
	{ reopen, events, url }: NodeRegistration,
	watcher: RegistrarWatcher,
): Promise<void> {
	const account = reopen();
	try {
		await unregister(account.contextFor(AbortSignal.timeout(longestFarewell)), events, url);
	} catch (error) {
		if (!isOutOfReach(error)) watcher.notWithdrawn(error);
	} finally {
		await account.close();
	}
}

/**
 * Keeps the address of each node registered at its provider. A registration outlives a redeployment and
 * a restart: the same address is recognised afterwards, so that there is no second one. It ends when the
 * node is removed or disabled, or gets another address or account.
 */
export class Registrar {
	/** What the nodes of this process have registered, by their IDs. */
	readonly #standing = new Map<string, NodeRegistration>();

	/**
	 * Registers a node's address instead of the one that it had before.
	 * @param wanted null: the node needs no registration, now or any more
	 * @returns to be called when the node closes; `removed`: it will not come back
	 */
	register(
		nodeId: string,
		wanted: NodeRegistration | null,
		watcher: RegistrarWatcher,
	): (removed: boolean) => Promise<void> {
		const former = this.#standing.get(nodeId);
		const closing = new AbortController();
		const underWay = this.#replace(nodeId, former, wanted, closing.signal, watcher);
		return async (removed) => {
			closing.abort();
			await underWay;
			if (!removed || wanted === null) return;
			this.#standing.delete(nodeId);
			await withdraw(wanted, watcher);
		};
	}

	async #replace(
		nodeId: string,
		former: NodeRegistration | undefined,
		wanted: NodeRegistration | null,
		signal: AbortSignal,
		watcher: RegistrarWatcher,
	): Promise<void> {
		const isSame = former?.url === wanted?.url && former?.accountKey === wanted?.accountKey;
		if (former !== undefined && !isSame) await withdraw(former, watcher);
		if (wanted === null) {
			this.#standing.delete(nodeId);
			return;
		}
		this.#standing.set(nodeId, wanted);
		const account = wanted.reopen();
		try {
			await keepRegistering(account.contextFor(signal), wanted, watcher);
		} finally {
			await account.close();
		}
	}
}
