import type { Fault } from '../../tools/simulator';

/** What a fault must lead to. */
export interface Expected {
	/** `call` for a call, whatever its status; else an error's kind. */
	readonly result: string;
	readonly callMayHaveBeenPlaced: boolean | null;
	/** Requests whose body the server has read. */
	readonly requests: number;
	/** Calls that the provider placed. */
	readonly calls: number;
}

export interface Row {
	readonly name: string;
	readonly fault: Fault;
	/** How often it strikes; default: each time. */
	readonly times?: number;
	readonly expected: Expected;
	/** Where a lost answer can be looked up by our reference. */
	readonly withReference?: Expected;
	/** Where a bare 404 says that there is no record. */
	readonly withNoRecord?: Expected;
}

/** One request, one call. */
export const placed: Expected = {
	result: 'call',
	callMayHaveBeenPlaced: null,
	requests: 1,
	calls: 1,
};
const unknown = (calls: number): Expected => ({
	result: 'outcome-unknown',
	callMayHaveBeenPlaced: true,
	requests: 1,
	calls,
});
const notPlaced = (result: string, requests = 1): Expected => ({
	result,
	callMayHaveBeenPlaced: false,
	requests,
	calls: 0,
});

const elsewhere = 'https://elsewhere.example/';

/** One row for each fault of a send. */
export const sendRows: readonly Row[] = [
	{ name: 'a late answer', fault: { kind: 'delay', ms: 300 }, expected: placed },
	{ name: 'a late record', fault: { kind: 'late-record', ms: 9_000 }, expected: placed },
	{
		name: 'a reset after the request is read',
		fault: { kind: 'reset-before-placing' },
		expected: unknown(0),
	},
	{
		name: 'a reset after the call is placed',
		fault: { kind: 'reset-after-placing' },
		expected: unknown(1),
		withReference: placed,
	},
	{
		name: 'no answer at all, no call placed',
		fault: { kind: 'never-answer' },
		expected: unknown(0),
	},
	{
		name: 'no answer at all, the call placed',
		fault: { kind: 'never-answer', placesCall: true },
		expected: unknown(1),
		withReference: placed,
	},
	{
		name: 'an answer that is cut off',
		fault: { kind: 'cut-off' },
		expected: unknown(1),
		withReference: placed,
	},
	{
		name: 'an answer that drips',
		fault: { kind: 'slow-drip', everyMs: 100 },
		expected: unknown(1),
		withReference: placed,
	},
	{
		name: 'an answer without end',
		fault: { kind: 'endless', placesCall: true },
		expected: unknown(1),
		withReference: placed,
	},
	{
		name: 'a 401',
		fault: { kind: 'status', status: 401 },
		expected: notPlaced('not-authorized'),
	},
	{
		name: 'a 403',
		fault: { kind: 'status', status: 403 },
		expected: notPlaced('not-authorized'),
	},
	{
		name: 'a 429 that names no pause',
		fault: { kind: 'status', status: 429 },
		expected: notPlaced('rate-limited'),
	},
	{
		name: 'a 429 with a long pause',
		fault: { kind: 'status', status: 429, retryAfter: 60 },
		expected: notPlaced('rate-limited'),
	},
	{
		name: 'a 429 with a short pause',
		fault: { kind: 'status', status: 429, retryAfter: 1 },
		times: 1,
		expected: { ...placed, requests: 2 },
	},
	{
		name: 'a 429 that does not end',
		fault: { kind: 'status', status: 429, retryAfter: 1 },
		expected: notPlaced('rate-limited', 3),
	},
	{
		name: 'a 400',
		fault: { kind: 'status', status: 400 },
		expected: notPlaced('refused'),
	},
	{ name: 'a 500', fault: { kind: 'status', status: 500 }, expected: unknown(0) },
	{
		name: 'a 502 after the call is placed',
		fault: { kind: 'status', status: 502, placesCall: true },
		expected: unknown(1),
		withReference: placed,
	},
	{
		name: 'a 503 that asks to come back',
		fault: { kind: 'status', status: 503, retryAfter: 1 },
		expected: unknown(0),
	},
	{
		name: 'a web page',
		fault: { kind: 'html', placesCall: true },
		expected: unknown(1),
		withReference: placed,
	},
	{ name: 'JSON that is none', fault: { kind: 'unparsable' }, expected: unknown(0) },
	{ name: 'JSON of another shape', fault: { kind: 'wrong-shape' }, expected: unknown(0) },
	{
		name: 'a redirect that keeps the method',
		fault: { kind: 'redirect', status: 307, location: elsewhere },
		expected: notPlaced('bad-response'),
	},
	{
		name: 'a redirect to a page',
		fault: { kind: 'redirect', status: 302, location: elsewhere },
		expected: unknown(0),
	},
];

const asked = (result: string, requests: number): Expected => ({
	result,
	callMayHaveBeenPlaced: false,
	requests,
	calls: 1,
});

/** One row for each fault of a look-up of a call that has ended. Questions may be asked again. */
export const statusRows: readonly Row[] = [
	{ name: 'a late answer', fault: { kind: 'delay', ms: 300 }, expected: placed },
	{
		name: 'one reset',
		fault: { kind: 'reset-before-placing' },
		times: 1,
		expected: { ...placed, requests: 2 },
	},
	{
		name: 'resets without end',
		fault: { kind: 'reset-before-placing' },
		expected: asked('unreachable', 3),
	},
	{ name: 'no answer', fault: { kind: 'never-answer' }, expected: asked('unreachable', 3) },
	{
		name: 'an answer that is cut off',
		fault: { kind: 'cut-off' },
		expected: asked('unreachable', 3),
	},
	{
		name: 'an answer that drips',
		fault: { kind: 'slow-drip', everyMs: 100 },
		expected: asked('unreachable', 3),
	},
	{
		name: 'an answer without end',
		fault: { kind: 'endless' },
		expected: asked('unreachable', 3),
	},
	{
		name: 'a 401',
		fault: { kind: 'status', status: 401 },
		expected: asked('not-authorized', 1),
	},
	{
		name: 'a 403',
		fault: { kind: 'status', status: 403 },
		expected: asked('not-authorized', 1),
	},
	{
		name: 'a 404',
		fault: { kind: 'status', status: 404 },
		expected: asked('refused', 1),
		withNoRecord: asked('not-found', 1),
	},
	{
		name: 'a 429 with a short pause',
		fault: { kind: 'status', status: 429, retryAfter: 1 },
		times: 1,
		expected: { ...placed, requests: 2 },
	},
	{
		name: 'a 429 with a long pause',
		fault: { kind: 'status', status: 429, retryAfter: 60 },
		expected: asked('rate-limited', 1),
	},
	{
		name: 'one 503',
		fault: { kind: 'status', status: 503 },
		times: 1,
		expected: { ...placed, requests: 2 },
	},
	{
		name: 'a 500 that stays',
		fault: { kind: 'status', status: 500 },
		expected: asked('unreachable', 3),
	},
	{ name: 'a web page', fault: { kind: 'html' }, expected: asked('bad-response', 1) },
	{
		name: 'JSON that is none',
		fault: { kind: 'unparsable' },
		expected: asked('bad-response', 1),
	},
	{
		name: 'JSON of another shape',
		fault: { kind: 'wrong-shape' },
		expected: asked('bad-response', 1),
	},
	{
		name: 'a redirect',
		fault: { kind: 'redirect', status: 302, location: elsewhere },
		expected: asked('bad-response', 1),
	},
];
