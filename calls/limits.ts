/** Every wait of this package has a limit; these are the defaults. Milliseconds, unless it says else. */
export const limits = {
	/** One request, from its first byte to the last of its answer. */
	request: 15_000,
	/** One check of a code, for as long as the host's store may take. */
	check: 15_000,
	/** Following a call to its end. */
	wait: 120_000,
	/** The first pause between two looks at a call. */
	poll: 2_000,
	/** The longest pause between two looks at a call. */
	longestPoll: 5_000,
	/** The shortest pause between two looks, whatever a user asks for. */
	shortestPoll: 100,
	/**
	 * The pauses between looks that follow from what earlier calls have lasted. Where an event is expected, it
	 * is waited for until `afterAll` beyond the longest of them, and for `forEvent` at most.
	 */
	learnedPause: { shortest: 500, longest: 10_000, afterAll: 2_000, forEvent: 60_000 },
	/** What the last look of a wait may take beyond the limit of the wait. */
	lastLook: 2_000,
	/** How long a result that the provider's own retries may still change is looked at before it is believed. */
	settle: 20_000,
	/** A `Retry-After` up to this long is waited for. */
	retryAfter: 10_000,
	/** The first pause before a request is tried again; the next is twice as long. */
	backOff: 400,
	/** Pauses between the looks for a call whose answer was lost. */
	recovery: [1_000, 2_000, 4_000, 8_000] as readonly number[],
	/** One of these looks. */
	recoveryLook: 5_000,
	/**
	 * Pauses before a request that the provider recognises is sent again, each up to half as long again:
	 * long enough for a first one that is still being worked on.
	 */
	resend: [2_000, 4_000] as readonly number[],
	/** Requests made for one purpose, the first included. */
	tries: 3,
	/** Bytes of an answer. */
	answer: 1024 * 1024,
	/** Characters of a provider's own words in an error. */
	quote: 200,
} as const;
