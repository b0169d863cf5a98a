import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { CallContext } from '../../calls/context';
import { listCalls } from '../../calls/lists';
import { outputOf } from '../../calls/output';
import { getOtpCallStatus, planLookup } from '../../calls/status';
import { waitUntilEnded } from '../../calls/wait';
import { readSeconds, timing } from '../../calls/seconds';
import type { CallList } from '../../providers/contract';
import { connect } from '../shared/context';
import type { ReadyNode, Results } from '../shared/items';
import { simplifyField } from '../shared/options';
import { asCollection, parametersOf } from '../shared/parameters';
import { chosenProvider } from '../shared/provider';
import { withAtMost } from '../shared/requestLimit';
import { readConcurrency } from '../shared/concurrency';
import type { Begun } from '../shared/workers';
import { readFilter, readLimit } from './callFilter';
import {
	callIdField,
	limitField,
	lookUpByField,
	operationField,
	returnAllField,
	statusOptionsField,
	waitUntilEndedField,
} from './properties';
import { filtersOf } from './providers';

/** The values of one item's parameters. */
type Read = (property: INodeProperties) => unknown;

/** One call, now or when it has ended. */
async function getOne(
	context: CallContext,
	read: Read,
	ending: AbortSignal,
): Promise<Begun<Results>> {
	const options = asCollection(read(statusOptionsField));
	const simplify = read(simplifyField) !== false;
	const callId = read(callIdField);
	const by =
		context.provider.planRecord && read(lookUpByField) === 'record' ? 'record' : 'reference';
	if (read(waitUntilEndedField) !== true) {
		const report = await getOtpCallStatus(context, callId, by);
		return { result: [outputOf(report, { simplify })] };
	}
	const following = {
		pollInterval: readSeconds(options['pollInterval'], timing.pollInterval),
		waitTimeout: readSeconds(options['waitTimeout'], timing.waitTimeout),
		firstLookAfter: 0,
		by,
	} as const;
	// An ID that cannot be asked for is found before the wait.
	planLookup(context, callId, by);
	const rest = async () => {
		const ended = await waitUntilEnded({ ...context, signal: ending }, callId, following);
		return [outputOf(ended, { simplify })];
	};
	return { rest: rest() };
}

/** The calls that have ended, as far as the filters let them through. */
async function getMany(context: CallContext, calls: CallList, read: Read): Promise<Begun<Results>> {
	const simplify = read(simplifyField) !== false;
	const filters = filtersOf(context.provider.name);
	const filter = readFilter(asCollection(filters && read(filters)), context.provider);
	const limit = readLimit(read(returnAllField), read(limitField));
	const reports = await listCalls(context, calls, filter, limit);
	return { result: reports.map((report): IDataObject => outputOf(report, { simplify })) };
}

/** Makes everything ready to look up the calls of all items. @throws OtpCallError */
export async function prepareLookUps(functions: IExecuteFunctions): Promise<ReadyNode> {
	const provider = chosenProvider(functions);
	const parameters = parametersOf(functions);
	const options = asCollection(parameters.read(statusOptionsField, 0));
	const concurrency = readConcurrency(options['concurrency']);
	const timeout = readSeconds(options['timeout'], timing.timeout);
	const { context: unlimited } = await connect(functions, provider, timeout);
	const context = { ...unlimited, transport: withAtMost(concurrency, unlimited.transport) };
	const { calls } = provider;
	// Where there are no lists the field is not shown, and may hold what was chosen for another provider.
	const list = parameters.read(operationField, 0) === 'getAll' ? calls : undefined;

	return {
		concurrency,
		begin(item, ending) {
			const read: Read = (property) => parameters.read(property, item);
			return list === undefined ? getOne(context, read, ending) : getMany(context, list, read);
		},
	};
}
