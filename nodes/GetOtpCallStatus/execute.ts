import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readCallFilter, readLimit } from '../../calls/callFilter';
import type { CallContext } from '../../calls/context';
import { invalidInput } from '../../calls/failures';
import {
	lookUpByField,
	operationField,
	pollIntervalField,
	timeoutField,
	waitTimeoutField,
} from '../../calls/fields';
import { checkProvider } from '../../calls/input';
import { listCalls } from '../../calls/lists';
import { outputOf } from '../../calls/output';
import { getOtpCallStatus, planLookup } from '../../calls/status';
import { waitUntilEnded } from '../../calls/wait';
import { readSeconds } from '../../calls/seconds';
import { withAtMost } from '../../calls/turns';
import { providers } from '../../providers';
import type { CallList, Provider } from '../../providers/contract';
import { invalid, named } from '../../providers/fields';
import { connect } from '../http/connection';
import type { ReadyNode, Results } from '../items/items';
import { readConcurrency, simplifyProperty } from '../forms/options';
import { asCollection, parametersOf } from '../forms/parameters';
import type { Started } from '../items/workers';
import {
	callIdProperty,
	filtersFor,
	limitProperty,
	lookUpByProperty,
	operationProperty,
	returnAllProperty,
	statusOptions,
	waitUntilEndedProperty,
} from './properties';

/** The values of one item's parameters. */
type Read = (property: INodeProperties) => unknown;

/** One call, now or when it has ended. */
async function getOne(
	context: CallContext,
	read: Read,
	ending: AbortSignal,
): Promise<Started<Results>> {
	const options = asCollection(read(statusOptions));
	const simplify = read(simplifyProperty) !== false;
	const callId = read(callIdProperty);
	const chosen = options[lookUpByField.name] ?? read(lookUpByProperty);
	const by = context.provider.planRecord && chosen === 'record' ? 'record' : 'reference';
	if (read(waitUntilEndedProperty) !== true) {
		const report = await getOtpCallStatus(context, callId, by);
		return { result: [outputOf(report, { simplify })] };
	}
	const following = {
		pollInterval: readSeconds(options['pollInterval'], pollIntervalField),
		waitTimeout: readSeconds(options['waitTimeout'], waitTimeoutField),
		firstLookAfter: 0,
		by,
	} as const;
	// An ID that cannot be asked for is found before the wait.
	planLookup(context, callId, by);
	const follow = async () => {
		const ended = await waitUntilEnded({ ...context, signal: ending }, callId, following);
		return [outputOf(ended, { simplify })];
	};
	return { waiting: follow() };
}

/** The calls that have ended, as far as the filters let them through. */
async function getMany(
	context: CallContext,
	calls: CallList,
	read: Read,
): Promise<Started<Results>> {
	const simplify = read(simplifyProperty) !== false;
	const { provider } = context;
	const filter = readCallFilter(asCollection(read(filtersFor(provider, calls))), calls, provider);
	const limit = readLimit(read(returnAllProperty), read(limitProperty));
	const reports = await listCalls(context, calls, filter, limit);
	return { result: reports.map((report): IDataObject => outputOf(report, { simplify })) };
}

/** The provider's list of past calls. @throws OtpCallError `invalid-input` when it has none */
function listOf({ calls, label }: Provider): CallList {
	if (calls !== undefined) return calls;
	const others = providers.filter((provider) => provider.calls !== undefined);
	throw invalidInput(
		invalid(
			operationField,
			`cannot be Get Many: ${label} offers no list of past calls`,
			`Set ${named(operationField)} to Get, or choose ${others.map((other) => other.label).join(' or ')}`,
		),
	);
}

/** Makes everything ready to look up the calls of all items. @throws OtpCallError */
export async function prepareLookUps(functions: IExecuteFunctions): Promise<ReadyNode> {
	const provider = checkProvider(functions.getNodeParameter('provider', 0));
	const parameters = parametersOf(functions);
	const options = asCollection(parameters.read(statusOptions, 0));
	const concurrency = readConcurrency(options['concurrency']);
	const timeout = readSeconds(options['timeout'], timeoutField);
	const { context: unlimited } = await connect(functions, provider, timeout);
	const context = { ...unlimited, transport: withAtMost(concurrency, unlimited.transport) };
	/** The call IDs that the items ask for; unchecked. */
	const asked = new Map<number, unknown>();
	const list = parameters.read(operationProperty, 0) === 'getAll' ? listOf(provider) : undefined;

	return {
		concurrency,
		about(item) {
			if (list !== undefined) return {};
			const callId = asked.get(item);
			return typeof callId === 'string' || typeof callId === 'number' ? { callId } : {};
		},
		begin(item, ending) {
			const read: Read = (property) => {
				const value = parameters.read(property, item);
				if (property === callIdProperty) asked.set(item, value);
				return value;
			};
			return list === undefined ? getOne(context, read, ending) : getMany(context, list, read);
		},
	};
}
