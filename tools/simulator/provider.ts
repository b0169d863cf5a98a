import type { Call } from './dialing/ledger';
import type { ApiRequest } from './http/request';
import type { Network } from './network';
import type { SettingTable } from './settings';

/** A provider as the simulator speaks it: a folder below `providers/`, and its line in the index there. */
export interface Provider {
	/** In lower case, without spaces. Calls carry it, and faults can ask for it. */
	readonly name: string;
	/** As people write it. */
	readonly title: string;
	/**
	 * What there is in the simulated account, by what it is: told to who starts the command. What a call
	 * has to name stands under the name of the field that takes it; tests call with it.
	 */
	readonly seeds: Readonly<Record<string, string>>;
	/** The identifiers that a call plan may choose, in place of random ones. */
	readonly planIds: readonly string[];
	/** Opens the provider's account in one simulator. */
	open(network: Network): ProviderApi;
}

/** A provider's API in one simulator, with the account behind it. */
export interface ProviderApi {
	/** Matches the paths that are the provider's, also those at which it has nothing. */
	readonly paths: RegExp;
	readonly endpoints: readonly Endpoint[];
	/** The credential as the request carries it: in a header, the path, the query or the body. */
	credentialOf(request: ApiRequest): string | undefined;
	/** Whether the account accepts this credential; undefined when the request carried none. */
	accepts(credential: string | undefined): boolean;
	readonly answers: CommonAnswers;
	/** What can be switched: named so that no other provider has the same. */
	readonly settings?: SettingTable;
	/** What the simulator can do or show beside what it can for every provider: becomes part of it. */
	readonly members?: object;
	/** The same over HTTP, by method and path below `/_simulator`. */
	readonly controls?: Controls;
	/** Makes the account as it was at the start. Calls and settings are seen to. */
	reset?(): void;
}

/** One documented operation. */
export interface Endpoint {
	/** `send` places a call, `status` asks for one call. */
	readonly operation: Operation;
	readonly method: string;
	/** The whole path; a segment such as `:id` stands for any text: `/v1/:key/calls/:id.json`. */
	readonly path: string;
	/** Whether it answers without a credential; default: no. */
	readonly isOpen?: boolean;
	/** The number that the request is to or about, as it was sent: faults can ask for it. */
	phoneNumberOf?(request: ApiRequest): string | undefined;
	handle(request: ApiRequest): Handled;
}

/** What kind of request it is. */
export type Operation = 'send' | 'status' | 'other';

/** What the API answers. */
export interface ApiAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** The answer, and the call that the request placed, if it placed one. */
export interface Handled extends ApiAnswer {
	readonly placed?: Call;
}

/** How an API answers where no endpoint of it does. */
export interface CommonAnswers {
	/** To a path at which there is nothing. */
	readonly unknownPath: ApiAnswer;
	/** To a path with a method that it does not have; `Allow` is added. */
	readonly wrongMethod: ApiAnswer;
	/** To a request whose credential is not accepted. */
	readonly unauthorized: ApiAnswer;
	/** With this HTTP status, where a fault asks for it and gives no body. */
	withStatus(status: number): ApiAnswer;
}

/**
 * Method and path below `/_simulator` → what is done with the parsed body; what it returns is answered as JSON.
 * It throws when the body is not what it needs; the message is answered with 400.
 */
export type Controls = Readonly<Record<string, (body: unknown) => unknown>>;

/** An answer with a JSON body. */
export function jsonAnswer(status: number, body: unknown): ApiAnswer {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8' },
		body: JSON.stringify(body),
	};
}
