import type { Call } from './call';
import type { JsonObject, JsonValue } from './reading/json';
import type { CalledCountry, PhoneNumber } from './reading/phoneNumber';

/** A request to a provider's API, without its base URL and its authorization. */
export interface ProviderRequest {
	readonly method: 'GET' | 'POST' | 'DELETE';
	/** Begins with `/`; every segment that came from a user is already encoded. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly body?: JsonObject;
}

/** An answer as it came over the wire. Header names are in lower case. */
export interface HttpAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | undefined>>;
	readonly text: string;
}

/** What a 2xx answer says. */
export type Reading =
	| {
			readonly is: 'call';
			readonly call: Call;
			readonly raw: JsonObject;
			readonly unsettled: boolean;
	  }
	/** The provider knows no such call, or none yet. */
	| { readonly is: 'no-record' }
	| ({ readonly is: 'refusal' } & Problem)
	/** Not what the documents promise; `why` completes "The answer …". */
	| { readonly is: 'unreadable'; readonly why: string };

/** A provider's own words for what went wrong. They may echo anything that was sent. */
export interface Problem {
	/** A code that the documents list, or that looks like one. */
	readonly code: string | null;
	readonly text: string | null;
}

/** What a builder reads of a known error code: what happened, and what to do. */
export interface Explanation {
	readonly message: string;
	readonly remedy: string;
}

/** A field of a form whose value breaks a rule, found before any request. */
export interface InvalidField {
	readonly is: 'invalid';
	/** The field's name in flows, such as `repeatCount`. */
	readonly field: string;
	/** The field's label in the form, such as `Repeat Count`. */
	readonly label: string;
	/** Completes "<label> …": "must be a whole number from 1". Never holds the value itself. */
	readonly rule: string;
	readonly remedy: string;
}

/** What codes a provider can read out. Lengths are counted in characters. */
export interface CodeRule {
	readonly alphabet: 'digits' | 'letters-and-digits';
	readonly minLength: number;
	readonly maxLength: number;
}

/** A call that someone wants placed: number and code have been checked, the provider's own fields not. */
export interface SendOrder {
	readonly phoneNumber: PhoneNumber;
	readonly code: string;
	/** The provider's own fields by their names in flows; undefined, null and '' mean "not set". */
	readonly fields: Readonly<Record<string, unknown>>;
	/** A reference that no other call has, for providers that take one from us. */
	readonly newReference: string;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** A request that is ready to be sent, and the reader of its answer. */
export interface PlannedSend {
	readonly is: 'planned';
	readonly request: ProviderRequest;
	/** The reference by which the call can be looked up even when the answer is lost; null: there is none. */
	readonly reference: string | null;
	/** Reads a 2xx answer. */
	read(answer: HttpAnswer): Reading;
}

export interface PlannedLookup {
	readonly is: 'planned';
	readonly request: ProviderRequest;
	/** Reads a 2xx answer. */
	read(answer: HttpAnswer): Reading;
}

/** What happens to a request of a provider that has no server. */
export type LocalOutcome = HttpAnswer | 'answer-lost';

/** An event that a provider delivered: a call has changed. */
export interface CallEvent {
	readonly is: 'event';
	readonly occasion: 'ringing' | 'answered' | 'ended';
	readonly call: Call;
	readonly raw: JsonObject;
	/** Equal for two deliveries of the same event. */
	readonly key: string;
}

/** The names of a provider's events, as its registration takes them. */
export interface EventRegistration {
	/** The provider's name for each occasion that a builder can choose. */
	readonly names: Readonly<Partial<Record<CallEvent['occasion'], string>>>;
	list(): ProviderRequest;
	create(event: string, url: string): ProviderRequest;
	remove(id: string): ProviderRequest;
	/** Reads the answer of `list`; null when it is unreadable. */
	readList(answer: HttpAnswer): readonly RegisteredEvent[] | null;
	/** Reads the answer of `create`. */
	readCreated(answer: HttpAnswer): boolean;
}

export interface RegisteredEvent {
	readonly id: string;
	readonly event: string;
	readonly url: string;
}

/** One entry of a list from which a builder picks. */
export interface Choice {
	readonly value: string;
	readonly name: string;
	readonly description: string | null;
	/** It is of the kind that builders look for, among entries of other kinds. */
	readonly comesFirst: boolean;
}

/** One page of an answer that comes in pages. */
export interface Page<T> {
	readonly entries: readonly T[];
	/** Records in this page, those that could not be read included: the next page begins after them. */
	readonly received: number;
	/** Records in all pages. */
	readonly total: number;
}

/** A list of the provider's own things (campaigns, scripts), to pick one by its name. */
export interface ChoiceList {
	/** `offset` counts records. */
	request(page: { readonly limit: number; readonly offset: number }): ProviderRequest;
	/** Null when the answer is unreadable. */
	read(answer: HttpAnswer, now: number): Page<Choice> | null;
}

/** What a builder asks of a provider's records of ended calls. Dates are `YYYY-MM-DD`. */
export interface CallFilter {
	readonly from?: string;
	readonly to?: string;
	readonly status?: string;
	readonly phoneNumber?: PhoneNumber;
	readonly campaign?: string;
}

export interface CallList {
	request(
		filter: CallFilter,
		page: { readonly limit: number; readonly offset: number },
	): ProviderRequest;
	read(answer: HttpAnswer): Page<{ readonly call: Call; readonly raw: JsonObject }> | null;
}

/** A token that a provider hands out against a lasting key. */
export interface TokenExchange {
	request(apiKey: string): ProviderRequest;
	/** Null when the answer holds no token. `lifeSeconds`: how long it may be kept. */
	read(answer: HttpAnswer): { readonly token: string; readonly lifeSeconds: number } | null;
}

/** All that is known of one provider. No member does I/O, reads a clock or knows a host. */
export interface Provider {
	/** As in flows and outputs: lower case. */
	readonly name: string;
	/** As people write it. */
	readonly label: string;
	/** The first segments of all paths, `/v3`; null when the provider has no server. */
	readonly apiRoot: string | null;
	/** Null: every account has its own. */
	readonly defaultBaseUrl: string | null;
	/** Where it calls; the first is the default for a number without a country. */
	readonly countries: readonly [CalledCountry, ...CalledCountry[]];
	readonly codeRule: CodeRule;
	/** When the first result is likely, in milliseconds after the send. */
	readonly firstResultAfter: number;

	planSend(order: SendOrder): PlannedSend | InvalidField;
	planStatus(callId: string): PlannedLookup | InvalidField;
	/** A second way to look a call up: by the provider's own id of the record. */
	planRecord?(recordId: string): PlannedLookup | InvalidField;
	/** Reads the body of an answer that is not 2xx. */
	readProblem(answer: HttpAnswer): Problem;
	/** True when the answer, whatever its status, means that there is no such record. */
	isNoRecord(answer: HttpAnswer): boolean;
	explain(code: string): Explanation | null;
	/** A reason why the provider may refuse this token, when the token itself shows one. */
	doubtToken?(token: string, now: number): string | null;
	/** Reads the body of an event; null when the provider sends none like it. */
	readEvent?(body: JsonValue): CallEvent | null;
	/** For a provider without a server: what its server would do at this moment. */
	answerLocally?(request: ProviderRequest, now: number): LocalOutcome;

	readonly events?: EventRegistration;
	readonly lists?: Readonly<Record<string, ChoiceList>>;
	readonly calls?: CallList;
	readonly tokens?: TokenExchange;
}
