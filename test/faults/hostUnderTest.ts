import type { SimulatedAccount } from '../fixtures/simulatedAccounts';

/** What came of one send or look-up, in whichever host. */
export interface Outcome {
	/** A call's status, or an error's kind. */
	readonly result: string;
	/** Null when there was no error. */
	readonly callMayHaveBeenPlaced: boolean | null;
	readonly milliseconds: number;
	/** Everything that the host put out about it, as JSON. */
	readonly said: string;
}

/** An account at a provider, as a user would enter it. */
export interface AccountUnderTest {
	readonly simulated: SimulatedAccount;
	readonly baseUrl: string;
}

/** A host into which our package is installed. */
export interface HostUnderTest {
	send(account: AccountUnderTest, phoneNumber: string, code: string): Promise<Outcome>;
	status(account: AccountUnderTest, callId: string): Promise<Outcome>;
	close(): Promise<void>;
}

/** The limit of one request, which a user can set. */
export const requestSeconds = 4;
