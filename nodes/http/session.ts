import { OtpCallError } from '../../calls/errors';

/** A token that n8n fetches on the way of a request, when it has none, and stores in the credential. */
export interface Session {
	/** '' while there is none. */
	token(): string;
	/** Makes n8n fetch a new one on the way of the next request. */
	drop(): void;
}

/**
 * Lets one request at a time through while there is no token, since n8n would fetch one for each. A
 * refused key is remembered: asking again with it is in vain.
 */
export function oneFetchAtATime(session: Session): <T>(send: () => Promise<T>) => Promise<T> {
	let fetching: Promise<void> | null = null;
	let refusal: OtpCallError | null = null;

	const lead = async <T>(send: () => Promise<T>): Promise<T> => {
		const sent = send();
		fetching = sent
			.then(
				() => undefined,
				(error: unknown) => {
					if (error instanceof OtpCallError && error.code === 'not-authorized') refusal = error;
				},
			)
			.finally(() => {
				fetching = null;
			});
		return await sent;
	};

	return async (send) => {
		while (session.token() === '') {
			if (refusal !== null) throw refusal;
			if (fetching === null) return await lead(send);
			await fetching;
		}
		return await send();
	};
}
