export { PROVIDERS, startSimulator } from './simulator';
export type { Settings, Simulator, SimulatorCore, SimulatorOptions } from './interface';
export type { Provider } from './provider';
export { type Clock, createManualClock, createRealTimeClock } from './clock';
export { SIMULATOR_TOKEN } from './network';
export type { Call } from './dialing/ledger';
export { type CallPlan, type CallPlans, OUTCOMES, type Outcome } from './dialing/plans';
export type { Attempt, Stage } from './dialing/attempts';
export type { Fault, FaultKind, FaultMatch, FaultRule } from './faults/fault';
export type { AddedFault, Faults } from './faults/faultTable';
export type { ConnectionCounts } from './http/port';
export type { Counters, RecordedRequest } from './recording';
export type { Delivery } from './webhooks';

// What tests use of a provider's account. A new provider's seeds are taken from its own folder.
export { BITEL_SERVER_ID } from './providers/bitel/index';
export type { AutocallCall } from './providers/autocall/cdr';
export { EVENT_NAMES, type EventName, type Registration } from './providers/autocall/account';
export {
	type Campaign,
	DEFAULT_CAMPAIGNS,
	DEFAULT_TEMPLATES,
	INACTIVE_CAMPAIGN_UUID,
	MORNING_CAMPAIGN_UUID,
	PAUSED_CAMPAIGN_UUID,
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	STOPPED_CAMPAIGN_UUID,
	type Template,
} from './providers/autocall/seeds';
export { SIMULATOR_API_KEY, TOKEN_LIFETIME_MS } from './providers/autocall/token';
