import type { CallList, Choice, ChoiceList, HttpAnswer, Page, ProviderRequest } from '../contract';
import { field, isJsonArray, isJsonObject, numberField, jsonOf, textField } from '../reading/json';
import type { JsonObject } from '../reading/json';
import { isOutsideHours } from './callingHours';
import { campaignFilter, statusFilter } from './fields';
import { readCdr } from './record';

interface Window {
	readonly limit: number;
	readonly offset: number;
}

const window = ({ limit, offset }: Window): Record<string, string> => ({
	limit: String(limit),
	offset: String(offset),
});

const readPage = (answer: HttpAnswer): Page<JsonObject> | null => {
	const body = jsonOf(answer);
	if (!isJsonObject(body)) return null;
	const data = field(body, 'data');
	if (data === null) return { entries: [], received: 0, total: 0 };
	if (!isJsonArray(data)) return null;
	const total = numberField(body, 'total') ?? data.length;
	return { entries: data.filter(isJsonObject), received: data.length, total };
};

const isVoiceOtp = (campaign: JsonObject): boolean =>
	textField(campaign, 'type_autocall') === 'autocall_voice_otp' ||
	/otp/i.test(textField(campaign, 'campaign_name') ?? '');

const states: ReadonlyMap<string, string> = new Map([
	['stop', 'stopped'],
	['pause', 'paused'],
	['start', 'running'],
]);

/** Why a campaign calls nobody at this moment, or that it is running; '' when it does not say. */
const campaignState = (campaign: JsonObject, now: number): string => {
	if (field(campaign, 'active') === false) return 'inactive';
	const status = textField(campaign, 'status') ?? '';
	const state = states.get(status.toLowerCase()) ?? status;
	return state !== 'stopped' && state !== 'paused' && isOutsideHours(campaign, now)
		? 'outside its hours'
		: state;
};

const campaignChoice = (campaign: JsonObject, now: number): readonly Choice[] => {
	const value = textField(campaign, 'campaign_uuid');
	if (value === null) return [];
	const state = campaignState(campaign, now);
	const kind = isVoiceOtp(campaign) ? 'voice OTP' : 'not marked as voice OTP';
	const title = textField(campaign, 'campaign_name') ?? value;
	const usable = state === 'running' || state === '';
	return [
		{
			value,
			name: usable ? title : `${title} (${state})`,
			description: state === 'running' ? `${kind}, ${state}` : kind,
			comesFirst: isVoiceOtp(campaign),
		},
	];
};

const campaigns: ChoiceList = {
	request: (page) => ({
		method: 'GET',
		path: '/v3/campaign',
		query: { type: 'autocall', ...window(page) },
	}),
	read(answer, now) {
		const page = readPage(answer);
		if (page === null) return null;
		return { ...page, entries: page.entries.flatMap((campaign) => campaignChoice(campaign, now)) };
	},
};

const templates: ChoiceList = {
	request: (page) => ({ method: 'GET', path: '/v3/template', query: window(page) }),
	read(answer) {
		const page = readPage(answer);
		if (page === null) return null;
		const entries = page.entries.flatMap((template): readonly Choice[] => {
			const value = textField(template, 'template_name');
			if (value === null) return [];
			const readsCode = /\{\{\s*code_otp\s*\}\}/.test(textField(template, 'content') ?? '');
			return [
				{
					value,
					name: value,
					description: readsCode ? 'reads the code' : null,
					comesFirst: readsCode,
				},
			];
		});
		return { ...page, entries };
	},
};

/** The lists from which a user picks, by the name of the field that they fill. */
export const lists = { campaign: campaigns, template: templates };

/** `GET /v3/cdr`: the CDRs of ended calls. Both limit and offset must be sent; offset counts records. */
export const calls: CallList = {
	filters: [campaignFilter, statusFilter],
	request(filter, page): ProviderRequest {
		const status = filter.fields.text(statusFilter);
		const campaign = filter.fields.text(campaignFilter);
		return {
			method: 'GET',
			path: '/v3/cdr',
			query: {
				...window(page),
				// A day alone stands for its first second, which would leave the last day out.
				...(filter.from !== undefined && { start_date: `${filter.from} 00:00:00` }),
				...(filter.to !== undefined && { end_date: `${filter.to} 23:59:59` }),
				...(status !== undefined && { status }),
				...(filter.phoneNumber !== undefined && { phone: filter.phoneNumber.national }),
				...(campaign !== undefined && { campaign_uuid: campaign }),
			},
		};
	},
	read(answer) {
		const page = readPage(answer);
		if (page === null) return null;
		const entries = page.entries.flatMap((record) => {
			const call = readCdr(record);
			return call === null ? [] : [{ call, record }];
		});
		return { ...page, entries };
	},
};
