export { type Simulator, startSimulator } from './simulator';
export type { SimulatorOptions } from './options';
export { DEFAULT_SETTINGS, type Settings } from './settings';
export { type Clock, createManualClock, createRealTimeClock } from './clock';
export { SIMULATOR_API_KEY, SIMULATOR_TOKEN, TOKEN_LIFETIME_MS } from './tokens';
export { BITEL_SERVER_ID } from './bitel/sendRules';
export {
	type Campaign,
	DEFAULT_CAMPAIGNS,
	INACTIVE_CAMPAIGN_UUID,
	MORNING_CAMPAIGN_UUID,
	PAUSED_CAMPAIGN_UUID,
	SEED_CAMPAIGN_UUID,
	STOPPED_CAMPAIGN_UUID,
} from './autocall/campaigns';
export { DEFAULT_TEMPLATES, SEED_TEMPLATE_NAME, type Template } from './autocall/templates';
export type { AutocallCall, BitelCall, Call } from './dialing/call';
export { type CallPlan, type CallPlans, OUTCOMES, type Outcome } from './dialing/callPlan';
export type { Attempt, Stage } from './dialing/attempts';
export type { Fault, FaultKind, FaultMatch, FaultRule } from './faults/fault';
export type { AddedFault, Faults } from './faults/faultTable';
export type { ConnectionCounts } from './http/connections';
export type { Counters, RecordedRequest } from './recording';
export { EVENT_NAMES, type EventName, type Registration } from './autocall/registrations';
export type { Delivery } from './webhooks/courier';
