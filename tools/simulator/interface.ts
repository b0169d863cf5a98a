import type { Clock } from './clock';
import type { Stage } from './dialing/attempts';
import type { Call } from './dialing/ledger';
import type { CallPlans } from './dialing/plans';
import type { Faults } from './faults/faultTable';
import type { ConnectionCounts } from './http/port';
import type { JsonObject } from './json';
import type { Provider } from './provider';
import type * as providers from './providers/index';
import type { Counters, RecordedRequest } from './recording';
import type { ValuesOf, commonSettings } from './settings';
import type { Delivery } from './webhooks';

type ApiOfKnown = ReturnType<(typeof providers)[keyof typeof providers]['open']>;
type MembersOf<Api> = Api extends { members: infer Members } ? Members : never;
type SettingsOf<Api> = Api extends { settings: infer Table } ? ValuesOf<Table> : never;
/** The members of all that are in a union. */
type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
	all: infer All,
) => void
	? All
	: never;

/** A running simulator, with what each provider in the index adds to it. */
export type Simulator = SimulatorCore & AllOf<MembersOf<ApiOfKnown>>;

/** What can be switched while the simulator runs, also for each provider. All times are in milliseconds. */
export type Settings = ValuesOf<ReturnType<typeof commonSettings>> & AllOf<SettingsOf<ApiOfKnown>>;

/** A running simulator, whatever its providers. */
export interface SimulatorCore {
	/** Base URL of all APIs, without a trailing slash. */
	readonly url: string;
	readonly port: number;
	readonly clock: Clock;
	/** As they are now, those of all providers among them. */
	readonly settings: JsonObject;
	/** The recorded requests, oldest first. */
	readonly requests: readonly RecordedRequest[];
	/** The calls that were placed, oldest first. */
	readonly calls: readonly Call[];
	readonly counters: Counters;
	readonly connections: ConnectionCounts;
	readonly faults: Faults;
	/** The webhooks that were sent, oldest first. */
	readonly deliveries: readonly Delivery[];
	/** How coming calls are to go. */
	readonly plans: CallPlans;
	/** @throws TypeError when a setting is unknown or cannot have the value */
	change(settings: Partial<Settings>): void;
	/** Where a call stands now. */
	stageOf(call: Call): Stage;
	/** Sends a webhook that was sent before once more. */
	repeatDelivery(delivery: Delivery): Promise<Delivery>;
	/** Closes the port and every connection: new ones are refused (ECONNREFUSED). */
	closePort(): Promise<void>;
	/** Closes the port and opens it again `ms` of real time later; resolves when it is closed. */
	closePortFor(ms: number): Promise<void>;
	/** Listens on the same port again. @throws when the port has been taken meanwhile */
	openPort(): Promise<void>;
	/**
	 * Forgets requests, calls, counts, plans, faults and webhooks, and what the providers' accounts have
	 * learnt; settings are as at the start. Connections stay open, the clock goes on.
	 */
	reset(): void;
	/** Ends everything; no handle is left. */
	close(): Promise<void>;
}

/** How a simulator is started. Every setting may be given here, and be changed later. */
export interface SimulatorOptions extends Partial<Settings> {
	/** Default: a free port. */
	readonly port?: number;
	/** Default: 127.0.0.1. */
	readonly host?: string;
	/** Serves https with this key and certificate (PEM). */
	readonly tls?: { readonly key: string; readonly cert: string };
	/** Default: real time. It is stopped when the simulator is closed. */
	readonly clock?: Clock;
	/** How many requests are kept, the latest ones; 0 for none. Default: all. */
	readonly recordLimit?: number;
	/** How many calls are remembered, the latest ones; older ones are not found. Default: all. */
	readonly callLimit?: number;
	/** The ready tokens that are accepted. Default: SIMULATOR_TOKEN. */
	readonly tokens?: readonly string[];
	/** Providers beside those in the index. */
	readonly providers?: readonly Provider[];
	/** The source of chance for faults with a probability: 0 up to 1. Default: Math.random. */
	readonly random?: () => number;
}
