import type { RequestListener } from 'node:http';
import { type Clock, createRealTimeClock } from './clock';
import { CONTROL_PATH, createControlListener } from './control';
import { type Stage, stageAt } from './dialing/attempts';
import type { Call } from './dialing/ledger';
import type { CallPlans } from './dialing/plans';
import { FaultTable } from './faults/faultTable';
import { createApiListener } from './http/listener';
import { Connections, ListeningPort } from './http/port';
import { Routes, type ServedApi } from './http/routes';
import type { Settings, Simulator, SimulatorCore, SimulatorOptions } from './interface';
import type { JsonObject } from './json';
import { Network, SIMULATOR_TOKEN } from './network';
import type { Provider } from './provider';
import * as providersInIndex from './providers/index';
import { type RecordedRequest, Recording } from './recording';
import { AllSettings } from './settings';
import type { Delivery } from './webhooks';

/** The providers that every simulator speaks. */
export const PROVIDERS: readonly Provider[] = Object.values(providersInIndex);

/**
 * Starts a simulator.
 * @throws when an option is wrong, the port cannot be had, or two providers have something of the same name
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const providers = [...PROVIDERS, ...(options.providers ?? [])];
	const names = providers.map(({ name }) => name);
	if (new Set(names).size < names.length) throw new TypeError('Two providers have the same name');
	const simulator = new RunningSimulator(options, providers);
	addMembers(simulator, simulator.apis);
	await simulator.openPort();
	return simulator;
}

// Getters are kept, so that what a provider shows is as it is when it is read.
function addMembers(
	simulator: SimulatorCore,
	apis: readonly ServedApi[],
): asserts simulator is Simulator {
	for (const { provider, api } of apis) {
		for (const [name, member] of Object.entries(
			Object.getOwnPropertyDescriptors(api.members ?? {}),
		)) {
			if (name in simulator)
				throw new TypeError(`${provider}: there is a member "${name}" already`);
			Object.defineProperty(simulator, name, member);
		}
	}
}

class RunningSimulator implements SimulatorCore {
	readonly apis: readonly ServedApi[];
	readonly connections = new Connections();
	readonly counters: Recording;
	readonly faults: FaultTable;
	readonly #network: Network;
	readonly #port: ListeningPort;
	readonly #settings: AllSettings;
	#reopening: NodeJS.Timeout | undefined;

	constructor(options: SimulatorOptions, providers: readonly Provider[]) {
		const { recordLimit = Infinity } = options;
		this.counters = new Recording(recordLimit);
		this.faults = new FaultTable(
			options.random ?? Math.random,
			providers.map(({ name }) => name),
		);
		const network = new Network({
			clock: options.clock ?? createRealTimeClock(),
			tokens: options.tokens ?? [SIMULATOR_TOKEN],
			planIds: providers.flatMap(({ planIds }) => planIds),
			callLimit: options.callLimit ?? Infinity,
			deliveryLimit: recordLimit,
		});
		this.#network = network;
		this.apis = providers.map((provider) => ({
			provider: provider.name,
			api: provider.open(network),
		}));
		this.#settings = new AllSettings([
			network.settings,
			...this.apis.map(({ api }) => api.settings ?? {}),
		]);
		this.#settings.start(options);
		const { port = 0, host = '127.0.0.1', tls } = options;
		this.#port = new ListeningPort({ port, host, tls }, this.connections, this.#listener(), () =>
			this.faults.strikesConnection(),
		);
	}

	get url(): string {
		return this.#port.url;
	}

	get port(): number {
		return this.#port.port;
	}

	get clock(): Clock {
		return this.#network.clock;
	}

	get settings(): JsonObject {
		return this.#settings.current();
	}

	get requests(): readonly RecordedRequest[] {
		return this.counters.kept();
	}

	get calls(): readonly Call[] {
		return Array.from(this.#network.ledger.entries(), ({ call }) => call);
	}

	get deliveries(): readonly Delivery[] {
		return this.#network.webhooks.deliveries;
	}

	get plans(): CallPlans {
		return this.#network.plans;
	}

	change(settings: Partial<Settings>): void {
		this.#settings.change(settings);
		// A setting may have been the address of a receiver.
		this.#network.receiversChanged();
	}

	stageOf(call: Call): Stage {
		return stageAt(call.attempts, this.clock.now());
	}

	repeatDelivery(delivery: Delivery): Promise<Delivery> {
		return this.#network.webhooks.deliver(delivery);
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
		this.#settings.reset();
		this.counters.clear();
		this.faults.clear();
		this.connections.clear();
		this.#network.reset();
		for (const { api } of this.apis) api.reset?.();
	}

	async close(): Promise<void> {
		clearTimeout(this.#reopening);
		this.clock.stop();
		this.#network.webhooks.close();
		await this.#port.close();
	}

	#listener(): RequestListener {
		const serveApi = createApiListener({
			routes: new Routes(this.apis),
			faults: this.faults,
			recording: this.counters,
			connections: this.connections,
			latencyMs: () => this.#network.settings.latencyMs.value,
		});
		const serveControl = createControlListener(
			this,
			this.apis.map(({ api }) => api.controls ?? {}),
		);
		return (request, response) => {
			const isControl = request.url?.startsWith(CONTROL_PATH) ?? false;
			(isControl ? serveControl : serveApi)(request, response);
		};
	}
}
