import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readCallFilter, readLimit } from '../../calls/callFilter';
import type { CallContext } from '../../calls/context';
import { pollIntervalField, timeoutField, waitTimeoutField } from '../../calls/fields';
import { checkProvider } from '../../calls/input';
import { listCalls } from '../../calls/lists';
import { outputOf } from '../../calls/output';
import { getOtpCallStatus, planLookup } from '../../calls/status';
import { waitUntilEnded } from '../../calls/wait';
import { readSeconds } from '../../calls/seconds';
import { withAtMost } from '../../calls/turns';
import type { CallList } from '../../providers/contract';
import { connect } from '../http/connection';
import type { ReadyNode, Results } from '../items/items';
import { providerProperty, readConcurrency, simplifyProperty } from '../forms/options';
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
	const by =
		context.provider.planRecord && read(lookUpByProperty) === 'record' ? 'record' : 'reference';
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

/** Makes everything ready to look up the calls of all items. @throws OtpCallError */
export async function prepareLookUps(functions: IExecuteFunctions): Promise<ReadyNode> {
	const chosen: unknown = functions.getNodeParameter('provider', 0, providerProperty.default);
	const provider = checkProvider(chosen);
	const parameters = parametersOf(functions);
	const options = asCollection(parameters.read(statusOptions, 0));
	const concurrency = readConcurrency(options['concurrency']);
	const timeout = readSeconds(options['timeout'], timeoutField);
	const { context: unlimited } = await connect(functions, provider, timeout);
	const context = { ...unlimited, transport: withAtMost(concurrency, unlimited.transport) };
	const { calls } = provider;
	// Where there are no lists the field is not shown, and may hold what was chosen for another provider.
	const list = parameters.read(operationProperty, 0) === 'getAll' ? calls : undefined;

	return {
		concurrency,
		begin(item, ending) {
			const read: Read = (property) => parameters.read(property, item);
			return list === undefined ? getOne(context, read, ending) : getMany(context, list, read);
		},
	};
}
