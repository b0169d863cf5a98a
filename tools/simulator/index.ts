export { PROVIDERS, startSimulator } from './simulator';
export type { Settings, Simulator } from './interface';
export { type Clock, createManualClock, createRealTimeClock } from './clock';
export { SIMULATOR_TOKEN } from './network';
export type { Fault } from './faults/fault';

// What tests use of a provider's account. A new provider's seeds are taken from its own folder.
export { BITEL_SERVER_ID } from './providers/bitel/index';
export {
	DEFAULT_CAMPAIGNS,
	DEFAULT_TEMPLATES,
	INACTIVE_CAMPAIGN_UUID,
	PAUSED_CAMPAIGN_UUID,
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	STOPPED_CAMPAIGN_UUID,
} from './providers/autocall/seeds';
export { SIMULATOR_API_KEY, TOKEN_LIFETIME_MS } from './providers/autocall/token';
