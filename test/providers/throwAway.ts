import { queued, unmapped } from '../../providers/call';
import type { Call, CallState } from '../../providers/call';
import type {
	AuthorizableRequest,
	CallEvent,
	ChoiceList,
	Explanation,
	HttpAnswer,
	PlannedLookup,
	PlannedSend,
	Problem,
	Provider,
	Reading,
	SendOrder,
	Verdict,
	WebhookDelivery,
} from '../../providers/contract';
import { everywhere, isInvalid, named } from '../../providers/fields';
import type {
	ChoiceField,
	CountField,
	InvalidField,
	LineField,
	ListField,
} from '../../providers/fields';
import {
	isJsonArray,
	isJsonObject,
	numberField,
	parseJson,
	secondsField,
	textField,
} from '../../providers/reading/json';
import type { JsonObject } from '../../providers/reading/json';
import { iran, readProviderNumber } from '../../providers/reading/phoneNumber';
import { readReference } from '../../providers/reading/values';
import { apiKeyField, baseUrlField, callIdField } from '../../providers/sharedFields';

/**
 * Ringo: a provider that does not exist, in another style than those that do. Its key stands in the path,
 * it takes forms, answers every problem with HTTP 200 and a number, calls again by itself, and tells of
 * events in the parameters of a GET. What tests say of providers in general must hold for it too.
 */

const label = (en: string, fa: string, vi: string) => ({ en, fa, vi });

/** Another provider has a field of this name, of another kind. */
export const template: LineField = {
	kind: 'line',
	name: 'template',
	label: label('Text Template', 'قالب متن', 'Mẫu văn bản'),
	hint: label('Which text is read', 'کدام متن خوانده شود', 'Văn bản nào được đọc'),
	example: 'T1',
	form: { pattern: /^T\d{1,6}$/, rule: 'must be the letter T and a number, such as T1' },
	required: true,
	accountDefault: true,
};

const speed: ChoiceField = {
	kind: 'choice',
	name: 'speed',
	label: label('Speed', 'سرعت', 'Tốc độ'),
	options: [
		{ value: 'usual', label: label('Usual', 'معمولی', 'Thường') },
		{ value: 'own', label: label('Own', 'دلخواه', 'Tự chọn') },
	],
};

export const pause: CountField = {
	kind: 'count',
	name: 'pause',
	label: label('Pause', 'مکث', 'Quãng nghỉ'),
	hint: label('Between two digits', 'میان دو رقم', 'Giữa hai chữ số'),
	least: 1,
	most: 9,
	required: true,
	onlyIf: { field: 'speed', is: 'own' },
};

export const tries: CountField = {
	kind: 'count',
	name: 'tries',
	label: label('Tries', 'تلاش‌ها', 'Số lần thử'),
	least: 1,
	most: 5,
	usual: 1,
	advanced: true,
};

const voice: ListField = {
	kind: 'list',
	name: 'voice',
	pickFrom: 'voices',
	by: 'name',
	label: label('Voice', 'گوینده', 'Giọng đọc'),
};

const apiKey = apiKeyField({
	hint: label('The key of your project', 'کلید پروژه شما', 'Khóa của dự án'),
});

const states: ReadonlyMap<string, CallState> = new Map<string, CallState>([
	['QUEUED', queued],
	['TALKED', { status: 'completed', reason: null, final: true, answered: true }],
	['BUSY', { status: 'busy', reason: null, final: true, answered: false }],
	['SILENT', { status: 'no-answer', reason: null, final: true, answered: false }],
]);

const callFrom = (record: JsonObject, sentTo?: string): Call | null => {
	const callId = textField(record, 'callid');
	if (callId === null) return null;
	return {
		provider: 'ringo',
		callId,
		phoneNumber: sentTo ?? readProviderNumber(textField(record, 'to'), iran),
		...(states.get(textField(record, 'state') ?? 'QUEUED') ?? unmapped),
		requestedAt: null,
		answeredAt: null,
		endedAt: null,
		durationSeconds: null,
		billedSeconds: secondsField(record, 'secs'),
		cost: null,
	};
};

const noSuchCall = '20';

const problemOf = (answer: HttpAnswer): Problem | null => {
	const body = parseJson(answer.text);
	if (!isJsonObject(body) || numberField(body, 'ok') !== 0) return null;
	return { code: textField(body, 'err'), text: textField(body, 'msg') };
};

const readAnswer = (answer: HttpAnswer, sentTo?: string): Reading => {
	const body = parseJson(answer.text);
	if (!isJsonObject(body)) return { is: 'unreadable', why: 'is not a JSON object' };
	const problem = problemOf(answer);
	if (problem?.code === noSuchCall) return { is: 'no-record' };
	if (problem !== null) return { is: 'refusal', ...problem };
	const call = numberField(body, 'ok') === 1 ? callFrom(body, sentTo) : null;
	if (call === null) return { is: 'unreadable', why: 'has no call ID' };
	return { is: 'call', call, record: body, unsettled: ['busy', 'no-answer'].includes(call.status) };
};

function planSend(order: SendOrder): PlannedSend {
	const { fields, phoneNumber } = order;
	const own = fields.count(pause);
	const most = fields.count(tries) ?? 1;
	const reader = fields.text(voice);
	return {
		is: 'planned',
		reference: order.newReference,
		mayRetry: most > 1,
		request: {
			method: 'POST',
			path: '/api/call',
			form: {
				to: phoneNumber.e164.slice(1),
				pin: order.code,
				tpl: fields.text(template) ?? '',
				ref: order.newReference,
				tries: String(most),
				...(own !== undefined && { pause: String(own) }),
				...(reader !== undefined && { voice: reader }),
				...(fields.text(speed) !== undefined && { speed: fields.text(speed) ?? '' }),
			},
		},
		read: (answer) => readAnswer(answer, phoneNumber.e164),
	};
}

function planStatus(callId: string): PlannedLookup | InvalidField {
	const id = readReference(callId, callIdField);
	if (isInvalid(id)) return id;
	return {
		is: 'planned',
		request: { method: 'GET', path: '/api/call', query: { id: id ?? '' } },
		read: (answer) => readAnswer(answer),
	};
}

/** Every problem comes with HTTP 200; what other statuses say is the web server's. */
const verdicts: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
	['10', 'not-authorized'],
	['11', 'forbidden'],
	['12', 'rate-limited'],
	['13', 'refused'],
	['14', 'fault'],
]);

const explanations: ReadonlyMap<string, Explanation> = new Map(
	['10', '11', '12', '13', '14'].map((code) => [
		code,
		{
			message: `Ringo's number ${code}`,
			remedy: `Read about ${code}, and check ${named(template)} in the ‹account›`,
		},
	]),
);

/** One GET for each call that has ended. */
function readEvent({ query }: WebhookDelivery): CallEvent | null {
	const call = callFrom(query);
	if (call === null || !call.final) return null;
	return { is: 'event', type: 'ended', call, record: query, key: call.callId };
}

const voices: ChoiceList = {
	request: ({ limit, offset }) => ({
		method: 'GET',
		path: '/api/voices',
		query: { from: String(offset), count: String(limit) },
	}),
	read(answer) {
		const body = parseJson(answer.text);
		if (!isJsonArray(body)) return null;
		const entries = body.filter(isJsonObject).flatMap((entry) => {
			const value = textField(entry, 'name');
			return value === null ? [] : [{ value, name: value, description: null, comesFirst: false }];
		});
		return { entries, received: body.length, total: body.length };
	},
};

/** The key stands between the root of the API and the rest of the path. */
function authorize<T extends AuthorizableRequest>(request: T, token: string): T {
	const url = new URL(request.url);
	const root = url.pathname.lastIndexOf('/api/') + '/api/'.length;
	url.pathname = `${url.pathname.slice(0, root)}${encodeURIComponent(token)}/${url.pathname.slice(root)}`;
	return { ...request, url: url.href };
}

export const ringo: Provider = {
	name: 'ringo',
	label: 'Ringo',
	summary: label('Rings in tests', 'در آزمون‌ها زنگ می‌زند', 'Đổ chuông trong kiểm thử'),
	apiRoot: '/api',
	defaultBaseUrl: 'https://api.ringo.example',
	countries: [iran],
	codeRule: { alphabet: 'letters-and-digits', spaces: false, minLength: 2, maxLength: 8 },
	codeKeys: ['pin'],
	firstResultAfter: 5_000,
	fields: [template, speed, pause, tries, voice],
	account: {
		credential: 'ringoApi',
		fields: [
			apiKey,
			baseUrlField({ example: 'https://api.ringo.example' }),
			{ kind: 'line', name: 'template', label: everywhere('Ringo T') },
		],
		token: apiKey,
		authorize,
	},
	planSend,
	planStatus,
	readProblem: (answer) => problemOf(answer) ?? { code: null, text: null },
	judge: (answer) => verdicts.get(problemOf(answer)?.code ?? '') ?? null,
	isNoRecord: (answer) => problemOf(answer)?.code === noSuchCall,
	explain: (code) => explanations.get(code) ?? null,
	events: { method: 'GET', types: ['ended'], read: readEvent },
	lists: { voices },
};
