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
import type { ProviderSamples } from './testProvider';
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
	const shown = readProviderNumber(textField(body, 'to'), iran);
	const identity = {
		phoneNumber: shown === '' ? null : shown,
		reference: textField(body, 'ref'),
		recordIds: [call.callId],
	};
	const unsettled = ['busy', 'no-answer'].includes(call.status);
	return { is: 'call', call, identity, record: body, unsettled };
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
		test: { path: '/api/call', query: { id: 'none' }, answerKey: 'ok' },
	},
	planSend,
	planStatus,
	readProblem: (answer) => problemOf(answer) ?? { code: null, text: null },
	judge: (answer) => verdicts.get(problemOf(answer)?.code ?? '') ?? null,
	isNoRecord: (answer) => problemOf(answer)?.code === noSuchCall,
	explain: (code) => explanations.get(code) ?? null,
	events: { method: 'GET', carriesReference: false, types: ['ended'], read: readEvent },
	lists: { voices },
};

const order = {
	phoneNumber: '09123456789',
	code: 'K4821',
	fields: { template: 'T7', speed: 'usual', tries: 2, voice: 'Nima' },
};
const reference = 'f3b1c2d4-0000-4000-8000-9a8b7c6d5e4f';
export const record = { ok: 1, callid: 'R1', to: '989123456789', secs: 4 };
const problem = (err: string, msg: string) => ({ ok: 0, err, msg });
export const over = (status: 'completed' | 'busy' | 'no-answer', answered: boolean) =>
	({ status, reason: null, final: true, answered }) as const;

export const samples: ProviderSamples = {
	send: {
		order,
		request: {
			method: 'POST',
			path: '/api/call',
			form: {
				to: '989123456789',
				pin: 'K4821',
				tpl: 'T7',
				ref: reference,
				tries: '2',
				voice: 'Nima',
				speed: 'usual',
			},
		},
		reference: { is: 'ours' },
		placed: [{ body: { ok: 1, callid: 'R1' }, call: { callId: 'R1', ...queued } }],
		refused: [{ body: problem('13', 'no'), problem: { code: '13', text: 'no' } }],
		unsure: [{ body: '' }, { body: '<html>' }, { body: [] }, { body: { ok: 1 } }],
	},
	lookUp: {
		callId: 'R1',
		request: { method: 'GET', path: '/api/call', query: { id: 'R1' } },
		states: [
			{ body: { ...record, state: 'TALKED' }, ...over('completed', true) },
			{ body: { ...record, state: 'BUSY' }, ...over('busy', false) },
			{ body: { ...record, state: 'SILENT' }, ...over('no-answer', false) },
			{ body: { ...record, state: 'QUEUED' }, ...queued },
			{ body: { ...record, state: 'SOMETHING' }, ...unmapped },
		],
		noRecord: [{ body: problem('20', 'unknown') }],
		otherwise: [{ body: problem('13', 'no') }, { status: 404, body: '' }, { body: '<html>' }],
		unreadable: [{ body: '[]' }, { body: { ok: 1 } }],
		byRecord: null,
	},
	problems: [
		{ body: problem('10', 'key'), problem: { code: '10', text: 'key' }, verdict: 'not-authorized' },
		{ body: problem('11', 'no'), problem: { code: '11', text: 'no' }, verdict: 'forbidden' },
		{ body: problem('12', 'x'), problem: { code: '12', text: 'x' }, verdict: 'rate-limited' },
		{ body: problem('14', 'x'), problem: { code: '14', text: 'x' }, verdict: 'fault' },
		{ status: 502, body: '<html>', problem: { code: null, text: null }, verdict: 'fault' },
		{ status: 422, body: '', problem: { code: null, text: null }, verdict: 'refused' },
	],
	explained: ['10', '11', '12', '13', '14'],
	fields: {
		template: { taken: ['T1', ' T22 '.trim()], refused: ['x', 'T', 'T1234567'] },
		speed: { taken: ['own'], refused: [], beside: { pause: 3 } },
		pause: { taken: [3, '4'], refused: [10], beside: { speed: 'own' } },
		tries: { taken: [1, '5'], refused: [0] },
		voice: { taken: ['Nima', 7], refused: [] },
	},
	echoes: [
		{ of: 'send', body: { ok: 1, callid: 'R1', note: 'said K 4 8 2 1', pin: 'K4821' } },
		{ of: 'look-up', body: { ...record, state: 'BUSY', pin: 'K4821', note: 'K4821' } },
		{ of: 'event', body: { callid: 'R1', state: 'BUSY', pin: 'K4821' } },
	],
	mayBeCompleted: (body) => body['state'] === 'TALKED',
	account: {
		values: { apiKey: 'the-key-of-ringo', template: 'T1' },
		token: 'the-key-of-ringo',
		authorized: { url: 'https://api.example.com/api/the-key-of-ringo/call', headers: {} },
		exchange: null,
	},
	events: {
		told: [
			{
				query: { callid: 'R1', state: 'TALKED', to: '989123456789', secs: '4' },
				type: 'ended',
				call: { callId: 'R1', status: 'completed', billedSeconds: 4, phoneNumber: '+989123456789' },
			},
		],
		others: [
			{ query: {} },
			{ query: { callid: 'R1', state: 'QUEUED' } },
			{ query: { state: 'BUSY' } },
		],
		mayBeCompleted: (query) => query['state'] === 'TALKED',
		registration: null,
	},
	lists: {
		voices: {
			request: { method: 'GET', path: '/api/voices', query: { from: '100', count: '50' } },
			pages: [
				{ body: [{ name: 'Nima' }, {}, { name: 'Sara' }], values: ['Nima', 'Sara'], total: 3 },
			],
			unreadable: [{ body: {} }, { body: '' }],
		},
	},
	calls: null,
};
