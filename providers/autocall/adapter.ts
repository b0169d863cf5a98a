import type { PlannedLookup, Provider } from '../contract';
import { isInvalid } from '../fields';
import type { InvalidField } from '../fields';
import { readReference } from '../reading/values';
import { callIdField } from '../sharedFields';
import { vietnam } from '../reading/phoneNumber';
import { events } from './events';
import { accountFields, fields, token } from './fields';
import { calls, lists } from './lists';
import { isNoRecord, name, readLookup, readProblem } from './record';
import { planSend } from './send';
import { tokens } from './tokens';

/** TEL4VN Autocall (PiTEL), Vietnam: API v3, as documented in its public "Autocall OTP" page and API reference. */

/** `GET /v3/autocall/log/{ref_id}/ref_id`. The CDR is there once the call has ended. */
function planStatus(callId: string): PlannedLookup | InvalidField {
	const id = readReference(callId, callIdField);
	if (isInvalid(id)) return id;
	return {
		is: 'planned',
		request: { method: 'GET', path: `/v3/autocall/log/${encodeURIComponent(id ?? '')}/ref_id` },
		read: (answer) => readLookup(answer, id ?? ''),
	};
}

/** `GET /v3/cdr/{id}`: the id of a CDR, which the answer to a send calls `call_id`, or a SIP call ID. */
function planRecord(recordId: string): PlannedLookup | InvalidField {
	const id = readReference(recordId, callIdField);
	if (isInvalid(id)) return id;
	return {
		is: 'planned',
		request: { method: 'GET', path: `/v3/cdr/${encodeURIComponent(id ?? '')}` },
		read: (answer) => readLookup(answer, null),
	};
}

export const autocall: Provider = {
	name,
	label: 'TEL4VN Autocall',
	summary: {
		en: 'Calls numbers in Vietnam, reads out letters and digits',
		fa: 'با شماره‌های ویتنام تماس می‌گیرد و حرف و رقم می‌خواند',
		vi: 'Gọi số ở Việt Nam, đọc chữ và số',
	},
	apiRoot: '/v3',
	defaultBaseUrl: null,
	countries: [vietnam],
	codeRule: {
		alphabet: 'letters-and-digits',
		spaces: true,
		readsNumbers: true,
		minLength: 1,
		maxLength: 32,
	},
	codeKeys: ['code_otp'],
	// The reference of a call for which the user gave none.
	callIdForm: {
		pattern: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/,
		example: '1e7df3a2-6c1b-4f0e-9a53-0c9d2b7f4e18',
	},
	// Ringing and reading a code take some seconds; there is no CDR before the end.
	firstResultAfter: 10_000,
	fields,
	account: {
		credential: 'autocallApi',
		fields: accountFields,
		token,
		exchange: tokens,
		// The list is there even when it is empty.
		test: {
			path: '/v3/campaign',
			query: { type: 'autocall', limit: '1', offset: '0' },
			answerKey: 'data',
		},
	},
	planSend,
	planStatus,
	planRecord,
	readProblem,
	isNoRecord,
	explain: () => null,
	events,
	lists,
	calls,
};
