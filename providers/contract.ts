import type { Call, CallIdentity } from './call';
import type {
	Field,
	FieldName,
	FieldValues,
	InvalidField,
	LineField,
	ListField,
	SecretField,
	ChoiceField,
	Words,
} from './fields';
import type { JsonObject, JsonValue } from './reading/json';
import type { CalledCountry, PhoneNumber } from './reading/phoneNumber';

/** A request to a provider's API, without its base URL and its authorization. */
export interface ProviderRequest {
	readonly method: 'GET' | 'POST' | 'DELETE';
	/** Begins with `/`; every segment that came from a user is already encoded. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	/** Sent as JSON. */
	readonly body?: JsonObject;
	/** Sent as `application/x-www-form-urlencoded`; a request has this or a `body`. */
	readonly form?: Readonly<Record<string, string>>;
}

/** The parts of a request in which a token can travel. */
export interface AuthorizableRequest {
	/** Absolute. */
	readonly url: string;
	/** By names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** As it is to be sent; null: none. */
	readonly body: string | null;
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
			/** Whose the record says that it is. */
			readonly identity: CallIdentity;
			/** The provider's own record as it came, codes and all: `calls/report.ts` masks them. */
			readonly record: JsonObject;
			/** The provider may still change this status by its own retries, though it looks final. */
			readonly unsettled: boolean;
	  }
	/**
	 * The provider has had this very request before, has placed its call then, and places none now. What
	 * is known of the call: its ID may be one by which it cannot be looked up.
	 */
	| {
			readonly is: 'known-request';
			readonly call: Call;
			readonly identity: CallIdentity;
			readonly record: JsonObject;
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

/**
 * What an answer means that brings no call. `fault`: the provider, or something before it, failed, and
 * nobody knows how far the request came; after a send the outcome is unknown.
 */
export type Verdict =
	| 'not-authorized'
	/** The account is known, and may not do this. */
	| 'forbidden'
	| 'rate-limited'
	/** The provider has read the request and declined it: provably no call. */
	| 'refused'
	| 'fault';

/** What a user reads of a known error code: what happened, and what to do. */
export interface Explanation {
	readonly message: string;
	readonly remedy: string;
}

/** What codes a provider can read out. Lengths are counted in characters. */
export interface CodeRule {
	readonly alphabet: 'digits' | 'letters-and-digits';
	/** Single spaces between characters are taken, which make some voices read them one by one. */
	readonly spaces: boolean;
	/** Its voice reads digits that stand together as one number: codes that a node makes are sent with spaces. */
	readonly readsNumbers?: boolean;
	readonly minLength: number;
	readonly maxLength: number;
}

/** What the IDs look like that a provider, or a node for it, gives its calls. */
export interface CallIdForm {
	readonly pattern: RegExp;
	/** One that fits. */
	readonly example: string;
	/** No ID of another provider, nor one of a user's own, looks so. */
	readonly isUnmistakable?: boolean;
}

/** A call that someone wants placed: number, code and the provider's own fields have been checked. */
export interface SendOrder {
	readonly phoneNumber: PhoneNumber;
	readonly code: string;
	/** The provider's own fields. */
	readonly fields: FieldValues;
	/** A reference that no other call has, for providers that take one from us. */
	readonly newReference: string;
	/** Where its events are to be told, for providers that take an address with each call; null: nowhere. */
	readonly callback: string | null;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** A request that is ready to be sent, and the reader of its answer. */
export interface PlannedSend {
	readonly is: 'planned';
	readonly request: ProviderRequest;
	/** The reference by which the call can be looked up even when the answer is lost; null: there is none. */
	readonly reference: string | null;
	/** The field in which the user gave the reference; absent: it is the one that was made for this call. */
	readonly referenceField?: FieldName;
	/**
	 * The request carries an ID of ours by which the provider tells that it has had it, and places nothing
	 * then (`known-request`): after an unknown outcome the very same request is sent again.
	 */
	readonly isIdempotent?: boolean;
	/** The provider itself may call again when the line is busy or nobody answers. */
	readonly mayRetry: boolean;
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

/** What may happen to a call. */
export const eventTypes = ['answered', 'ended', 'ringing'] as const;
export type EventType = (typeof eventTypes)[number];

/** What a provider sent to a webhook. */
export interface WebhookDelivery {
	/** The parameters of its URL. */
	readonly query: Readonly<Record<string, string>>;
	/** The body, from JSON or from a form; undefined: none, or neither. */
	readonly body: JsonValue | undefined;
}

/** An event that a provider delivered: a call has changed. */
export interface CallEvent {
	readonly is: 'event';
	readonly type: EventType;
	readonly call: Call;
	/** What was delivered, codes and all: `calls/report.ts` masks them. */
	readonly record: JsonObject;
	/** Equal for two deliveries of the same event. */
	readonly key: string;
	/** The ID that the call has where its own was never told (`known-request`), if it may have one. */
	readonly placeholderId?: string;
}

/** How a provider is told which URL it shall send events to. */
export interface EventRegistration {
	/** The provider's name for each type of event that a user can choose. */
	readonly names: Readonly<Partial<Record<EventType, string>>>;
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

/** What a provider tells of the calls that go on, for one that does. */
export interface ProviderEvents {
	/** How deliveries come. */
	readonly method: 'POST' | 'GET';
	/** An event names the reference that we gave the call: what waits for it can be found by it. */
	readonly carriesReference: boolean;
	/** The types of events that it tells of. */
	readonly types: readonly [EventType, ...EventType[]];
	/** Reads one delivery; null when the provider sends none like it. */
	read(delivery: WebhookDelivery): CallEvent | null;
	/** For a provider that takes registrations; another has to be told the address by a person. */
	readonly registration?: EventRegistration;
	/** For a provider that takes an address with each call, at which it tells of that one. */
	readonly perCall?: {
		/** Its own field of a call, in which a user may give the address. */
		readonly field: LineField;
	};
}

/** One entry of a list from which a user picks. */
export interface Choice {
	readonly value: string;
	readonly name: string;
	readonly description: string | null;
	/** It is of the kind that users look for, among entries of other kinds. */
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

/** What a user asks of a provider's records of ended calls. Dates are `YYYY-MM-DD`. */
export interface CallFilter {
	readonly from?: string;
	readonly to?: string;
	readonly phoneNumber?: PhoneNumber;
	/** The provider's own filters. */
	readonly fields: FieldValues;
}

/** A provider's records of ended calls. */
export interface CallList {
	/** What they can be narrowed by, beside days and phone number. */
	readonly filters: readonly (ChoiceField | ListField)[];
	request(
		filter: CallFilter,
		page: { readonly limit: number; readonly offset: number },
	): ProviderRequest;
	read(answer: HttpAnswer): Page<{ readonly call: Call; readonly record: JsonObject }> | null;
}

/** A token that a provider hands out against a lasting key. */
export interface TokenExchange {
	/** The account's field that holds the key. */
	readonly key: SecretField;
	request(key: string): ProviderRequest;
	/** Null when the answer holds no token. `lifeSeconds`: how long it may be kept. */
	read(answer: HttpAnswer): { readonly token: string; readonly lifeSeconds: number } | null;
}

/**
 * What is asked to find out whether a provider accepts an account: it calls nobody and costs nothing. The
 * account is good when the answer is a success, or says that there is no such call.
 */
export interface AccountTest {
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	/** A key that every answer of this API has, be it null: that of a strange server has not. */
	readonly answerKey: string;
}

/** What a provider has to know of its user. */
export interface ProviderAccount {
	/** The type of the n8n credential that holds it. */
	readonly credential: string;
	/** All that a user fills in, in the order of the form. */
	readonly fields: readonly Field[];
	/** The field whose value authorizes requests. */
	readonly token: SecretField;
	/** A second secret without which the token is worth nothing, such as the name of the key. */
	readonly companion?: SecretField;
	/** For a provider that also hands out tokens against a key. */
	readonly exchange?: TokenExchange;
	readonly test: AccountTest;
	/** A reason why the provider may refuse this token, when the token itself shows one. */
	doubtToken?(token: string, now: number): string | null;
	/**
	 * Puts the token on a request; where there is no such function it is a bearer token in a header.
	 * @param companion what goes with the token; '' where the account has no such field
	 */
	authorize?<T extends AuthorizableRequest>(request: T, token: string, companion: string): T;
}

/** All that is known of one provider. No member does I/O, reads a clock or knows a host. */
export interface Provider {
	/** As in flows and outputs: lower case. */
	readonly name: string;
	/** As people write it. */
	readonly label: string;
	/** What it does, beside its name in a list: a sentence without its full stop. */
	readonly summary: Words;
	/** What a user has to know who has chosen it: whole sentences. */
	readonly notice?: Words;
	/** The first segments of all paths, `/v3`; null when the provider has no server. */
	readonly apiRoot: string | null;
	/** Null: every account has its own. */
	readonly defaultBaseUrl: string | null;
	/** Where it calls; the first is the default for a number without a country. */
	readonly countries: readonly [CalledCountry, ...CalledCountry[]];
	readonly codeRule: CodeRule;
	/**
	 * The keys under which it echoes codes, in lower case: what stands there is masked as a whole. A code
	 * amid other words is found without, where the call was sent by the same node.
	 */
	readonly codeKeys: readonly string[];
	/** What its call IDs look like; absent: like nothing in particular. */
	readonly callIdForm?: CallIdForm;
	/** When the first result is likely, in milliseconds after the send. */
	readonly firstResultAfter: number;
	/** Its own fields of a call, in the order of the form. */
	readonly fields: readonly Field[];
	/** Null: it needs none. */
	readonly account: ProviderAccount | null;

	planSend(order: SendOrder): PlannedSend | InvalidField;
	planStatus(callId: string): PlannedLookup | InvalidField;
	/** A second way to look a call up: by the provider's own id of the record. */
	planRecord?(recordId: string): PlannedLookup | InvalidField;
	/** Reads the body of an answer that brings no call. */
	readProblem(answer: HttpAnswer): Problem;
	/** What such an answer means where the provider says otherwise than HTTP; null: what HTTP says. */
	judge?(answer: HttpAnswer): Verdict | null;
	/** True when the answer, whatever its status, means that there is no such record. */
	isNoRecord(answer: HttpAnswer): boolean;
	/** What a known error code means, whatever kind of error it comes with. */
	explain(code: string): Explanation | null;
	/** For a provider without a server: what its server would do at this moment. */
	answerLocally?(request: ProviderRequest, now: number): LocalOutcome;

	readonly events?: ProviderEvents;
	/** The lists to pick from, by their names. */
	readonly lists?: Readonly<Record<string, ChoiceList>>;
	readonly calls?: CallList;
}
