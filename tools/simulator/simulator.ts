import { AutocallAccount } from './autocall/account';
import { autocallEndpoints } from './autocall/api';
import type { Campaign } from './autocall/campaigns';
import { autocallNewsroom } from './autocall/news';
import { type Registration, Registrations } from './autocall/registrations';
import { bitelEndpoints } from './bitel/api';
import { bitelNewsroom } from './bitel/webhook';
import type { Call } from './dialing/call';
import { type CallPlans, PlanBook } from './dialing/callPlan';
import { type Stage, stageAt } from './dialing/attempts';
import { Ledger } from './dialing/ledger';
import { type Clock, createRealTimeClock } from './clock';
import { CONTROL_PATH, createControlListener } from './control/controlListener';
import type { Exchange } from './exchange';
import { FaultTable, type Faults } from './faults/faultTable';
import { type ApiListener, createApiListener } from './http/apiListener';
import { type ConnectionCounts, Connections } from './http/connections';
import { ListeningPort } from './http/listeningPort';
import { type SimulatorOptions, settingsAmong } from './options';
import { type Counters, type RecordedRequest, Recording } from './recording';
import { DEFAULT_SETTINGS, type Settings, changeSettings } from './settings';
import { SIMULATOR_API_KEY, SIMULATOR_TOKEN, Tokens } from './tokens';
import { Announcer, type Newsroom } from './webhooks/announcer';
import { Courier, type Delivery } from './webhooks/courier';

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
	/** The webhooks that were sent, oldest first. */
	readonly deliveries: readonly Delivery[];
	/** The Autocall event registrations that there are. */
	readonly registrations: readonly Registration[];
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
	/** Sends a webhook that was sent before once more. */
	repeatDelivery(delivery: Delivery): Promise<Delivery>;
	/** Closes the port and every connection: new ones are refused (ECONNREFUSED). */
	closePort(): Promise<void>;
	/** Closes the port and opens it again `ms` of real time later; resolves when it is closed. */
	closePortFor(ms: number): Promise<void>;
	/** Listens on the same port again. @throws when the port has been taken meanwhile */
	openPort(): Promise<void>;
	/**
	 * Forgets requests, calls, counts, plans, faults, issued tokens, webhooks and event registrations;
	 * settings and campaigns are as at the start. Connections stay open, the clock goes on.
	 */
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
	readonly #announcer: Announcer;
	readonly #courier: Courier;
	readonly #port: ListeningPort;
	readonly #registrations = new Registrations(() => this.#announcer.followAll());
	readonly #startSettings: Settings;
	readonly #tokens: Tokens;
	#reopening: NodeJS.Timeout | undefined;
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
		this.#courier = new Courier(this.clock, options.recordLimit ?? Infinity);
		this.#announcer = new Announcer(this, this.#newsrooms(), this.#courier);
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

	get deliveries(): readonly Delivery[] {
		return this.#courier.deliveries;
	}

	get registrations(): readonly Registration[] {
		return this.#registrations.all();
	}

	change(settings: Partial<Settings>): void {
		this.settings = changeSettings(this.settings, settings);
		if (settings.bitelWebhookUrl !== undefined) this.#announcer.followAll();
	}

	stageOf(call: Call): Stage {
		return stageAt(call.attempts, this.clock.now());
	}

	changeCampaign(campaignUuid: string, change: Partial<Omit<Campaign, 'campaign_uuid'>>): void {
		this.#account.changeCampaign(campaignUuid, change);
		if (change.callback_url !== undefined) this.#announcer.followAll();
	}

	revokeIssuedTokens(): void {
		this.#tokens.revokeIssued();
	}

	repeatDelivery(delivery: Delivery): Promise<Delivery> {
		return this.#courier.deliver(delivery);
	}

	openPort(): Promise<void> {
		return this.#port.open();
	}

	closePort(): Promise<void> {
		return this.#port.close();
	}

	async closePortFor(ms: number): Promise<void> {
		await this.#port.close();
		clearTimeout(this.#reopening);
		this.#reopening = setTimeout(() => void this.#port.open(), ms);
	}

	reset(): void {
		this.settings = this.#startSettings;
		this.ledger.clear();
		this.counters.clear();
		this.faults.clear();
		this.plans.clear();
		this.connections.clear();
		this.#account.reset();
		this.#registrations.clear();
		this.#tokens.revokeIssued();
		this.#courier.clear();
	}

	async close(): Promise<void> {
		clearTimeout(this.#reopening);
		this.clock.stop();
		this.#courier.close();
		await this.#port.close();
	}

	#newsrooms(): readonly Newsroom[] {
		return [bitelNewsroom(this), autocallNewsroom(this, this.#account, this.#registrations)];
	}

	#createListener(): ApiListener {
		const serveApi = createApiListener({
			exchange: this,
			endpoints: [
				...bitelEndpoints(this, this.#tokens),
				...autocallEndpoints(this, this.#account, this.#registrations, this.#tokens),
			],
			faults: this.faults,
			recording: this.counters,
			connections: this.connections,
			onPlaced: (call) => this.#announcer.follow(call),
		});
		const serveControl = createControlListener(this);
		return (request, response) => {
			const isControl = request.url?.startsWith(CONTROL_PATH) ?? false;
			(isControl ? serveControl : serveApi)(request, response);
		};
	}
}
