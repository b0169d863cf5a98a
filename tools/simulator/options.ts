import type { Campaign } from './autocall/campaigns';
import type { Template } from './autocall/templates';
import type { Clock } from './clock';
import { DEFAULT_SETTINGS, type Settings } from './settings';

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
	/** How long an idle connection is kept open, in milliseconds of real time. Default: 65 s. */
	readonly keepAliveMs?: number;
	/** The ready tokens that are accepted. Default: SIMULATOR_TOKEN. */
	readonly tokens?: readonly string[];
	/** The Autocall API keys that are accepted. Default: SIMULATOR_API_KEY. */
	readonly apiKeys?: readonly string[];
	/** Default: DEFAULT_CAMPAIGNS. */
	readonly campaigns?: readonly Campaign[];
	/** Default: DEFAULT_TEMPLATES. */
	readonly templates?: readonly Template[];
	/** The source of chance for faults with a probability: 0 up to 1. Default: Math.random. */
	readonly random?: () => number;
}

/** The options that are settings. */
export function settingsAmong(options: SimulatorOptions): Partial<Settings> {
	return Object.fromEntries(
		Object.entries(options).filter(([name]) => Object.hasOwn(DEFAULT_SETTINGS, name)),
	);
}
