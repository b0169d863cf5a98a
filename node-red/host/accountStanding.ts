import { OtpCallError } from '../../calls/errors';
import { verdictOf } from '../../calls/failures';
import type { Exchange, Transport } from '../../calls/transport';
import type { Provider } from '../../providers/contract';
import { clock } from './clock';

type Told = (refusedAt: number | null) => void;

/** True: the provider has refused the account; false: it has taken it; null: the answer says neither. */
function isRefusal(provider: Provider, exchange: Exchange): boolean | null {
	if (exchange.is !== 'answered') return null;
	const isSuccess = exchange.status >= 200 && exchange.status <= 299;
	if (isSuccess && provider.readProblem(exchange).code === null) return false;
	const verdict = verdictOf({ provider }, exchange);
	if (verdict === 'not-authorized') return true;
	return verdict === 'refused' ? false : null;
}

/** Whether the provider takes the account, as the latest answer to any of its nodes has shown. */
export class AccountStanding {
	readonly #watchers = new Set<Told>();
	/** Milliseconds since 1970. */
	#refusedAt: number | null = null;

	/** Told at once when the account is refused already, and at each change. @returns stops telling */
	watch(told: Told): () => void {
		this.#watchers.add(told);
		if (this.#refusedAt !== null) told(this.#refusedAt);
		return () => this.#watchers.delete(told);
	}

	/** The same transport, with its answers looked at. */
	observed(provider: Provider, transport: Transport): Transport {
		return async (request) => {
			try {
				const exchange = await transport(request);
				this.#note(isRefusal(provider, exchange));
				return exchange;
			} catch (error) {
				// A key that is exchanged for tokens may be refused, too.
				if (error instanceof OtpCallError) this.#note(error.code === 'not-authorized' || null);
				throw error;
			}
		};
	}

	#note(isRefused: boolean | null): void {
		if (isRefused === null || isRefused === (this.#refusedAt !== null)) return;
		this.#refusedAt = isRefused ? clock.now() : null;
		for (const told of this.#watchers) told(this.#refusedAt);
	}
}
