import { type JsonObject, isJsonObject } from '../json';
import { type CallPlan, OUTCOMES } from './callPlan';

type Check = (value: unknown) => boolean;

const isMilliseconds: Check = (value) =>
	typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isOutcome: Check = (value) => OUTCOMES.some((outcome) => outcome === value);

const PLAN_FIELDS = new Map<string, Check>([
	['outcome', (value) => isOutcome(value) || (Array.isArray(value) && value.every(isOutcome))],
	['queuedMs', isMilliseconds],
	['ringsMs', isMilliseconds],
	['talksMs', isMilliseconds],
	['recordDelayMs', isMilliseconds],
	['record', isJsonObject],
	['ids', isIds],
]);
const ID_NAMES: ReadonlySet<string> = new Set(['callId', 'sipCallId', 'leadUuid']);

/** Reads a plan that came as JSON; undefined when it is none. */
export function readCallPlan(value: unknown): CallPlan | undefined {
	return isCallPlan(value) ? value : undefined;
}

function isCallPlan(value: unknown): value is CallPlan & JsonObject {
	return (
		isJsonObject(value) &&
		Object.entries(value).every(([name, field]) => PLAN_FIELDS.get(name)?.(field) ?? false)
	);
}

function isIds(value: unknown): boolean {
	return (
		isJsonObject(value) &&
		Object.entries(value).every(([name, id]) => ID_NAMES.has(name) && typeof id === 'string')
	);
}
