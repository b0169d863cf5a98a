import type { Call, CallState } from '../../../providers/call';
import type {
	AuthorizableRequest,
	CallFilter,
	EventType,
	HttpAnswer,
	Problem,
	ProviderRequest,
	Provider,
	RegisteredEvent,
	Verdict,
	WebhookDelivery,
} from '../../../providers/contract';
import { isJsonObject } from '../../../providers/reading/json';
import type { JsonObject } from '../../../providers/reading/json';

/** An answer as a document shows it. A body that is no string is JSON. */
interface SampleAnswer {
	/** 200 where it says nothing. */
	readonly status?: number;
	readonly body: unknown;
}

export const httpAnswer = ({ status = 200, body }: SampleAnswer): HttpAnswer => ({
	status,
	headers: {},
	text: typeof body === 'string' ? body : JSON.stringify(body),
});

/** An object as parameters of a URL have it; nothing of what is no object. */
export const asQuery = (body: unknown): Record<string, string> =>
	isJsonObject(body)
		? Object.fromEntries(
				Object.entries(body).map(([key, value]) => [
					key,
					typeof value === 'string' ? value : JSON.stringify(value),
				]),
			)
		: {};

/** What a user fills in for a call; unchecked, as in a form. */
export interface SampleOrder {
	readonly phoneNumber: unknown;
	readonly code: string;
	readonly fields: Readonly<Record<string, unknown>>;
}

/** Only those facts of a call that matter. */
export type CallFacts = Partial<Call>;

interface SendSamples {
	readonly order: SampleOrder;
	/** What becomes of it, as documented. */
	readonly request: ProviderRequest;
	/**
	 * What a lost answer can be looked up by. `ours`: by a reference that we make; `field` is the
	 * provider's field in which a user may give another.
	 */
	readonly reference: 'none' | { readonly is: 'ours'; readonly field?: string };
	/** Answers that say that the call was placed. */
	readonly placed: readonly [PlacedSample, ...PlacedSample[]];
	/** Answers to a request that the provider has had before, where it recognises one. */
	readonly known?: readonly [PlacedSample, ...PlacedSample[]];
	/** 2xx answers in which the provider declines. */
	readonly refused: readonly (SampleAnswer & { readonly problem: Problem })[];
	/** 2xx answers that say neither. */
	readonly unsure: readonly SampleAnswer[];
}

type PlacedSample = SampleAnswer & { readonly call: CallFacts };

interface LookupSamples {
	readonly callId: string;
	readonly request: ProviderRequest;
	/** A documented answer for each state of a call. */
	readonly states: readonly [StateSample, ...StateSample[]];
	/** Answers, of any status, which mean that there is no record, or none yet. */
	readonly noRecord: readonly SampleAnswer[];
	/** Answers of which none means that. */
	readonly otherwise: readonly SampleAnswer[];
	/** 2xx answers that are not what the documents promise. */
	readonly unreadable: readonly SampleAnswer[];
	/** The look-up by the provider's own ID of the record; null: it has none. */
	readonly byRecord: { readonly id: string; readonly request: ProviderRequest } | null;
}

interface StateSample extends CallState {
	readonly body: JsonObject;
}

/** Answers that bring no call. */
interface ProblemSample extends SampleAnswer {
	readonly problem: Problem;
	readonly verdict: Verdict;
}

interface FieldSamples {
	/** Values as a user may give them; each is found in the request. */
	readonly taken: readonly [unknown, ...unknown[]];
	/** Values that break the field's own rule, beside those that no field of its kind takes. */
	readonly refused: readonly unknown[];
	/** What the other fields have to hold. */
	readonly beside?: Readonly<Record<string, unknown>>;
}

interface AccountSamples {
	/** What a user fills in for an account that works. */
	readonly values: Readonly<Record<string, unknown>>;
	readonly token: string;
	/** What goes with the token, where the account has such a field. */
	readonly companion?: string;
	/**
	 * The request of a send to https://api.example.com, with that token; its body only where secrets stand
	 * in it: as JSON.
	 */
	readonly authorized: Omit<AuthorizableRequest, 'body'> & { readonly body?: JsonObject };
	/** How tokens are had against a key; null: they are not. */
	readonly exchange: {
		readonly key: string;
		readonly request: ProviderRequest;
		readonly granted: readonly [GrantSample, ...GrantSample[]];
		readonly none: readonly SampleAnswer[];
	} | null;
}

type GrantSample = SampleAnswer & { readonly token: string; readonly lifeSeconds: number };

export interface EventSamples {
	readonly told: readonly [ToldEvent, ...ToldEvent[]];
	/** Deliveries that are none of an event. */
	readonly others: readonly Partial<WebhookDelivery>[];
	/** As `ProviderSamples.mayBeCompleted`, of a delivery's body or parameters. */
	readonly mayBeCompleted: (delivered: JsonObject) => boolean;
	/** Null: a person has to tell the provider the address. */
	readonly registration: {
		readonly listed: readonly (SampleAnswer & { readonly entries: readonly RegisteredEvent[] })[];
		readonly unreadable: readonly SampleAnswer[];
		readonly created: readonly SampleAnswer[];
		readonly notCreated: readonly SampleAnswer[];
	} | null;
}

interface ToldEvent extends Partial<WebhookDelivery> {
	readonly type: EventType;
	readonly call: CallFacts;
}

/** A list of the provider's own things. */
interface ListSamples {
	readonly request: ProviderRequest;
	readonly pages: readonly (SampleAnswer & {
		readonly values: readonly string[];
		readonly total: number;
	})[];
	readonly unreadable: readonly SampleAnswer[];
}

interface CallListSamples {
	readonly filter: Omit<CallFilter, 'fields'> & {
		readonly fields: Readonly<Record<string, unknown>>;
	};
	readonly request: ProviderRequest;
	readonly pages: readonly (SampleAnswer & {
		readonly callIds: readonly string[];
		readonly total: number;
	})[];
	readonly unreadable: readonly SampleAnswer[];
}

/**
 * All that `testProvider` needs to know of a provider, in the words of its documents. What a provider does
 * not have is null here, and has to be null there too.
 */
export interface ProviderSamples {
	readonly send: SendSamples;
	readonly lookUp: LookupSamples;
	readonly problems: readonly ProblemSample[];
	/** The error codes that it has a message for. */
	readonly explained: readonly string[];
	/** By the names of its own fields. */
	readonly fields: Readonly<Record<string, FieldSamples>>;
	/**
	 * Where it gives back the code of `send.order`, or might: answers to a send, to a look-up, or events.
	 * Not empty where the provider has `codeKeys`; what echoes the code amid other words needs none of
	 * them in the answer to a send, where the code is known.
	 */
	readonly echoes: readonly (SampleAnswer & { readonly of: 'send' | 'look-up' | 'event' })[];
	/**
	 * What the documents allow to be called completed, read anew and in the simplest way.
	 * @param body of an answer
	 */
	readonly mayBeCompleted: (body: JsonObject) => boolean;
	/** Null: it needs none. */
	readonly account: AccountSamples | null;
	/** Null: it tells of none. */
	readonly events: EventSamples | null;
	/** By their names; null: it has none. */
	readonly lists: Readonly<Record<string, ListSamples>> | null;
	/** Null: it has no list of its calls. */
	readonly calls: CallListSamples | null;
}

/** One thing that must hold for a provider: a sentence, and what fails where it does not hold. */
export interface Check {
	readonly title: string;
	readonly run: () => void;
}

/** The checks of one part of the contract. */
export type Checks = (provider: Provider, samples: ProviderSamples) => readonly Check[];

/** A check, to be listed. */
export const check = (title: string, run: () => void): Check => ({ title, run });
