/** So many of the latest calls are known; each new one takes the place of the oldest. */
const mostKnown = 64;
/** Fewer say nothing about the next call. */
const fewestKnown = 8;
/** What no call of a few spoken digits takes, in milliseconds: such a length is a mistake. */
const longestCall = 3_600_000;
/** Of the calls that have come as far as this one, this share is let end before the next look. */
const shareToEnd = 1 / 6;
/** What ends within this time after that is waited for, too, rather than looked at on its own. */
const together = 200;

/** So many calls under way are kept apart; where there are more, the oldest do not count. */
const mostUnderWay = 1_000;

/** A call that is followed to its end. */
interface CallUnderWay {
	/** Null: not over yet. */
	length: number | null;
	/** Nobody follows it any more, or its length is known. */
	isSettled: boolean;
}

/** What becomes of a call that is followed; the first of the two counts. */
export interface FollowedLength {
	/** It has lasted so long; what cannot be a length is left out. */
	ended(length: number): void;
	/** Nobody follows it any longer. */
	dropped(): void;
}

/**
 * How long the latest calls of one account have lasted, from the send to the end, in milliseconds. Numbers
 * and nothing else: neither whose calls they were nor when. They last as long as the process does.
 */
export class CallLengths {
	/** In the order in which the calls began, as a ring. */
	readonly #latest: number[] = [];
	#next = 0;
	/** The same from the shortest on; null: to be sorted when it is asked for. */
	#sorted: readonly number[] | null = null;
	readonly #underWay: CallUnderWay[] = [];

	/**
	 * A call has been placed. Its length counts when all that began before it are over: of many calls that
	 * are placed together the short ones end first, and would pass for what all of them last.
	 */
	begin(): FollowedLength {
		const call: CallUnderWay = { length: null, isSettled: false };
		this.#underWay.push(call);
		if (this.#underWay.length > mostUnderWay) this.#underWay.shift();
		const settle = (length: number | null): void => {
			if (call.isSettled) return;
			call.isSettled = true;
			call.length = length;
			this.#takeOver();
		};
		return {
			ended: (length) => settle(length >= 0 && length <= longestCall ? length : null),
			dropped: () => settle(null),
		};
	}

	#takeOver(): void {
		while (this.#underWay[0]?.isSettled) {
			const { length } = this.#underWay.shift() ?? { length: null };
			if (length === null) continue;
			this.#latest[this.#next] = length;
			this.#next = (this.#next + 1) % mostKnown;
			this.#sorted = null;
		}
	}

	/** The longest that is known; 0 when there is none. */
	longest(): number {
		return this.#inOrder().at(-1) ?? 0;
	}

	/**
	 * When a call is worth the next look, counted from its send. Each look lets the same share of the calls
	 * end that go on: so a call takes about five looks however far the lengths lie apart, and one or two
	 * where they lie close together, and most looks fall into the time in which most calls end.
	 * @param age how long the call has been going on
	 * @returns later than `age`; null: too little is known, or no call has lasted longer lately
	 */
	nextLook(age: number): number | null {
		if (this.#latest.length < fewestKnown) return null;
		const longer = this.#inOrder().filter((length) => length > age);
		const soonest = longer[Math.ceil(longer.length * shareToEnd) - 1];
		if (soonest === undefined) return null;
		return longer.findLast((length) => length <= soonest + together) ?? soonest;
	}

	#inOrder(): readonly number[] {
		this.#sorted ??= this.#latest.toSorted((a, b) => a - b);
		return this.#sorted;
	}
}
