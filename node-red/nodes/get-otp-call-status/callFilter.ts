import type { NodeMessage } from 'node-red';

import { invalidInput } from '../../../calls/failures';
import { checkPhoneNumber } from '../../../calls/input';
import type { CallFilter, Provider } from '../../../providers/contract';
import {
	invalid,
	isInvalid,
	isUnset,
	readCount,
	readLine,
} from '../../../providers/reading/values';
import type { FieldName } from '../../../providers/reading/values';
import { readAll } from '../../host/typedValues';
import type { ValueReader } from '../../host/typedValues';

/** The fields that narrow a list of calls. `status` alone would be the node's own status in the editor. */
export const filterFields = {
	from: { field: 'filterFrom', label: 'From' },
	to: { field: 'filterTo', label: 'To' },
	status: { field: 'filterStatus', label: 'Status' },
	phoneNumber: { field: 'filterPhoneNumber', label: 'Phone Number' },
	campaign: { field: 'filterCampaign', label: 'Campaign' },
} as const satisfies Readonly<Record<string, FieldName>>;

const line = (value: unknown, name: FieldName): string | undefined => {
	const text = readLine(value, name);
	if (isInvalid(text)) throw invalidInput(text);
	return text;
};

function day(value: unknown, name: FieldName): string | undefined {
	const text = line(value, name);
	if (text === undefined) return undefined;
	const isDay =
		/^\d{4}-\d{2}-\d{2}$/.test(text) &&
		!Number.isNaN(Date.parse(text)) &&
		new Date(text).toISOString().startsWith(text);
	if (isDay) return text;
	throw invalidInput(invalid(name, 'must be a date such as 2026-03-07', `Correct ${name.label}`));
}

/** @throws OtpCallError `invalid-input` */
export async function readFilter(
	readers: ReadonlyMap<string, ValueReader>,
	message: NodeMessage,
	provider: Provider,
): Promise<CallFilter> {
	const values = await readAll(readers, message);
	const from = day(values[filterFields.from.field], filterFields.from);
	const to = day(values[filterFields.to.field], filterFields.to);
	const status = line(values[filterFields.status.field], filterFields.status);
	const campaign = line(values[filterFields.campaign.field], filterFields.campaign);
	const number = values[filterFields.phoneNumber.field];
	if (from !== undefined && to !== undefined && from > to) {
		throw invalidInput(invalid(filterFields.to, 'must not be before From', 'Swap the two dates'));
	}
	return {
		...(from !== undefined && { from }),
		...(to !== undefined && { to }),
		...(status !== undefined && { status }),
		...(campaign !== undefined && { campaign }),
		...(!isUnset(number) && { phoneNumber: checkPhoneNumber(number, provider) }),
	};
}

const limitField = { field: 'limit', label: 'Limit' };
const usualLimit = 50;

/** How many calls to list at most. @throws OtpCallError `invalid-input` */
export function readLimit(returnAll: unknown, limit: unknown): number {
	if (returnAll === true) return Infinity;
	const most = readCount(limit, limitField, 1) ?? usualLimit;
	if (isInvalid(most)) throw invalidInput(most);
	return most;
}
