import { AutocallAccount } from './autocall/account';
import { autocallEndpoints } from './autocall/api';
import type { Campaign } from './autocall/campaigns';
import { bitelEndpoints } from './bitel/api';
import type { Call } from './calls/call';
import { type CallPlans, PlanBook } from './calls/callPlan';
import { type Stage, stageAt } from './calls/attempts';
import { Ledger } from './calls/ledger';
import { type Clock, createRealTimeClock } from './clock';
import type { Exchange } from './exchange';
import { FaultTable, type Faults } from './faults/faultTable';
import { createApiListener } from './http/apiListener';
import { type ConnectionCounts, Connections } from './http/connections';
import { ListeningPort } from './http/listeningPort';
import { type SimulatorOptions, settingsAmong } from './options';
import { type Counters, type RecordedRequest, Recording } from './recording';
import { DEFAULT_SETTINGS, type Settings, changeSettings } from './settings';
import { SIMULATOR_API_KEY, SIMULATOR_TOKEN, Tokens } from './tokens';

/** A running simulator of both providers' APIs. */
export interface Simulator {
	/** Base URL for both APIs, without a trailing slash. */
	readonly url: string;
	readonly port: number;
	readonly clock: Clock;
	readonly settings: Settings;
	/** The recorded requests, oldest first. */
	readonly requests: readonly RecordedRequest[];
	/** The calls that were placed, oldest first. */
	readonly calls: readonly Call[];
	readonly counters: Counters;
	readonly connections: ConnectionCounts;
	readonly faults: Faults;
	/** How coming calls are to go. */
	readonly plans: CallPlans;
	/** @throws TypeError when a setting is unknown or cannot have the value */
	change(settings: Partial<Settings>): void;
	/** Where a call stands now. */
	stageOf(call: Call): Stage;
	/** Changes a campaign's fields. @throws RangeError when there is no such campaign */
	changeCampaign(campaignUuid: string, change: Partial<Omit<Campaign, 'campaign_uuid'>>): void;
	/** Lets no token that was issued for an API key be accepted any more. */
	revokeIssuedTokens(): void;
	/** Closes the port and every connection: new ones are refused (ECONNREFUSED). */
	closePort(): Promise<void>;
	/** Listens on the same port again. @throws when the port has been taken meanwhile */
	openPort(): Promise<void>;
	/** Forgets requests, calls, counts, plans, faults and events; settings are as at the start. */
	reset(): void;
	/** Ends everything; no handle is left. */
	close(): Promise<void>;
}

/** Starts a simulator. @throws when an option is wrong or the port cannot be had */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const simulator = new RunningSimulator(options);
	await simulator.openPort();
	return simulator;
}

class RunningSimulator implements Simulator, Exchange {
	readonly clock: Clock;
	readonly connections = new Connections();
	readonly counters: Recording;
	readonly faults: FaultTable;
	readonly ledger: Ledger;
	readonly plans = new PlanBook();
	readonly #account: AutocallAccount;
	readonly #port: ListeningPort;
	readonly #startSettings: Settings;
	readonly #tokens: Tokens;
	settings: Settings;

	constructor(options: SimulatorOptions) {
		this.clock = options.clock ?? createRealTimeClock();
		this.#startSettings = changeSettings(DEFAULT_SETTINGS, settingsAmong(options));
		this.settings = this.#startSettings;
		this.ledger = new Ledger(options.callLimit ?? Infinity);
		this.counters = new Recording(options.recordLimit ?? Infinity);
		this.faults = new FaultTable(options.random ?? Math.random);
		this.#account = new AutocallAccount(options.campaigns, options.templates);
		this.#tokens = new Tokens(
			this.clock,
			options.tokens ?? [SIMULATOR_TOKEN],
			options.apiKeys ?? [SIMULATOR_API_KEY],
		);
		const { port = 0, host = '127.0.0.1', tls, keepAliveMs } = options;
		this.#port = new ListeningPort(
			{ port, host, tls, keepAliveMs },
			this.connections,
			this.#createListener(),
			() => this.faults.strikesConnection(),
		);
	}

	get url(): string {
		return this.#port.url;
	}

	get port(): number {
		return this.#port.port;
	}

	get requests(): readonly RecordedRequest[] {
		return this.counters.kept();
	}

	get calls(): readonly Call[] {
		return [...this.ledger.all()];
	}

	change(settings: Partial<Settings>): void {
		this.settings = changeSettings(this.settings, settings);
	}

	stageOf(call: Call): Stage {
		return stageAt(call.attempts, this.clock.now());
	}

	changeCampaign(campaignUuid: string, change: Partial<Omit<Campaign, 'campaign_uuid'>>): void {
		this.#account.changeCampaign(campaignUuid, change);
	}

	revokeIssuedTokens(): void {
		this.#tokens.revokeIssued();
	}

	openPort(): Promise<void> {
		return this.#port.open();
	}

	closePort(): Promise<void> {
		return this.#port.close();
	}

	reset(): void {
		this.settings = this.#startSettings;
		this.ledger.clear();
		this.counters.clear();
		this.faults.clear();
		this.plans.clear();
		this.connections.clear();
		this.#account.reset();
	}

	async close(): Promise<void> {
		this.clock.stop();
		await this.#port.close();
	}

	#createListener() {
		return createApiListener({
			exchange: this,
			endpoints: [
				...bitelEndpoints(this, this.#tokens),
				...autocallEndpoints(this, this.#account, this.#tokens),
			],
			faults: this.faults,
			recording: this.counters,
			connections: this.connections,
			onPlaced: () => undefined,
		});
	}
}
