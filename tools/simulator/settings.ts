import { isJsonObject } from './json';

/** What can be switched while the simulator runs. All times are in milliseconds. */
export interface Settings {
	/** Every API answer comes this much later, in real time. */
	readonly latencyMs: number;
	/** From the request until the dialer starts. */
	readonly queuedMs: number;
	/** From the dialer's start until the phone is answered or the try is given up. */
	readonly ringsMs: number;
	readonly talksMs: number;
	/** Bitel: between the end of a try and the next one. */
	readonly retryGapMs: number;
	/** Autocall: from the end of a call until its CDR can be looked up. */
	readonly recordDelayMs: number;
	/**
	 * Autocall: what a look-up answers while there is no record. `not-found`: 404 with an error text;
	 * `not-found-200`: the same text with 200; the others: 200 with an empty body, `{}` or `null`.
	 */
	readonly noRecordForm: 'not-found' | 'not-found-200' | 'empty' | 'object' | 'null';
	/** Bitel: whether a status look-up wraps the record into `{ result, error }`. */
	readonly bitelStatusEnvelope: boolean;
	/** Bitel: whether USER_BUSY and NO_ANSWER show between two tries; else WAITING stays. */
	readonly bitelShowsRetries: boolean;
	/** Bitel: the project's webhook URL; '' for none. */
	readonly bitelWebhookUrl: string;
	readonly bitelWebhookBody: 'json' | 'form';
	/** Bitel: whether the webhook's `cause` is a status name or its number. */
	readonly bitelWebhookCause: 'name' | 'number';
	/** Autocall: the form of the token endpoint's answer. */
	readonly tokenForm: 'flat' | 'wrapped';
	/** Autocall: whether an event in the list has `event_domain_uuid` and `event_name`, or `id` and `event`. */
	readonly eventListForm: 'event_domain_uuid' | 'id';
	/**
	 * Autocall: `all` fields that are known at the time, or `sparse`: the older page's sample, where
	 * durations come with hangup only, status and recording with cdr only, and no reference at all.
	 */
	readonly eventFields: 'all' | 'sparse';
	/** How often each webhook is delivered: 2 repeats every delivery once. */
	readonly deliveryCopies: number;
}

/** The settings that a simulator starts with. */
export const DEFAULT_SETTINGS: Settings = {
	latencyMs: 0,
	queuedMs: 1_000,
	ringsMs: 2_000,
	talksMs: 3_000,
	retryGapMs: 2_000,
	recordDelayMs: 0,
	noRecordForm: 'not-found',
	bitelStatusEnvelope: true,
	bitelShowsRetries: false,
	bitelWebhookUrl: '',
	bitelWebhookBody: 'json',
	bitelWebhookCause: 'name',
	tokenForm: 'flat',
	eventListForm: 'event_domain_uuid',
	eventFields: 'all',
	deliveryCopies: 1,
};

const READERS: { readonly [K in keyof Settings]: (value: unknown) => Settings[K] | undefined } = {
	latencyMs: milliseconds,
	queuedMs: milliseconds,
	ringsMs: milliseconds,
	talksMs: milliseconds,
	retryGapMs: milliseconds,
	recordDelayMs: milliseconds,
	noRecordForm: oneOf('not-found', 'not-found-200', 'empty', 'object', 'null'),
	bitelStatusEnvelope: yesOrNo,
	bitelShowsRetries: yesOrNo,
	bitelWebhookUrl: urlOrNone,
	bitelWebhookBody: oneOf('json', 'form'),
	bitelWebhookCause: oneOf('name', 'number'),
	tokenForm: oneOf('flat', 'wrapped'),
	eventListForm: oneOf('event_domain_uuid', 'id'),
	eventFields: oneOf('all', 'sparse'),
	deliveryCopies: (value) => (Number.isInteger(value) ? milliseconds(value) : undefined),
};

/**
 * `settings` with `change` applied.
 * @throws TypeError when `change` is not an object, or has an unknown key or an impossible value
 */
export function changeSettings(settings: Settings, change: unknown): Settings {
	if (!isJsonObject(change)) throw new TypeError('Settings are changed by an object');
	const changed = { ...settings };
	for (const [key, value] of Object.entries(change)) {
		if (!isSetting(key)) throw new TypeError(`There is no setting "${key}"`);
		assign(changed, key, value);
	}
	return changed;
}

function isSetting(key: string): key is keyof Settings {
	return Object.hasOwn(READERS, key);
}

function assign<K extends keyof Settings>(
	target: { -readonly [P in keyof Settings]: Settings[P] },
	key: K,
	value: unknown,
): void {
	const read = READERS[key](value);
	if (read === undefined)
		throw new TypeError(`Setting "${key}" cannot be ${JSON.stringify(value)}`);
	target[key] = read;
}

function milliseconds(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function yesOrNo(value: unknown): boolean | undefined {
	return typeof value === 'boolean' ? value : undefined;
}

function oneOf<const T extends string>(...words: readonly T[]): (value: unknown) => T | undefined {
	return (value) => words.find((word) => word === value);
}

function urlOrNone(value: unknown): string | undefined {
	return typeof value === 'string' && (value === '' || URL.canParse(value)) ? value : undefined;
}
