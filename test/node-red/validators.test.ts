import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import type { NodeType } from '../../node-red/forms/fields';
import { EditorHost } from './editorHost';
import { hosts } from './runningFlow';
import type { Fields } from './runningFlow';

const folder = fileURLToPath(new URL('../../node-red/dist', import.meta.url));
const types = [
	'otp-call-account',
	'send-otp-call',
	'get-otp-call-status',
	'check-otp-code',
	'otp-call-event',
] as const satisfies readonly NodeType[];

/** A form that is filled in wrongly, and what the editor says of it. */
interface Mistake {
	readonly type: NodeType;
	readonly fields: Fields;
	readonly says: RegExp;
}

const mistakes: readonly Mistake[] = [
	...['ftp://user:pw@x.example/?q=1#h', 'http://api.example.com', 'https://u@api.example.com'].map(
		(baseUrl): Mistake => ({
			type: 'otp-call-account',
			fields: { provider: 'autocall', baseUrl },
			says: /^Base URL must begin with https:\/\//,
		}),
	),
	{
		type: 'otp-call-account',
		fields: { provider: 'autocall', baseUrl: '' },
		says: /^Base URL is empty$/,
	},
	{
		type: 'otp-call-account',
		fields: { provider: 'no such' },
		says: /^Provider is empty$/,
	},
	{
		type: 'otp-call-account',
		fields: { maxInFlight: '0' },
		says: /^Calls at a Time must be a whole number, 1 or more$/,
	},
	...['a b?c=1', '', '../x y'].map(
		(path): Mistake => ({
			type: 'otp-call-event',
			fields: { account: 'sandbox', path },
			says: /^Path must be letters, digits/,
		}),
	),
	...['not a url', 'https://x.example/?a=1'].map(
		(publicUrl): Mistake => ({
			type: 'otp-call-event',
			fields: { account: 'sandbox', publicUrl },
			says: /^Public URL must be a web address/,
		}),
	),
	{
		type: 'otp-call-event',
		fields: { account: 'sandbox', triggerOn: [] },
		says: /^Choose at least one event$/,
	},
	...['09123456789', '+98 912 345 6789', '۰۹۱۲۳۴۵۶۷۸۹', '(0912) 345-6789'].map(
		(phoneNumber): Mistake => ({
			type: 'send-otp-call',
			fields: { account: 'sandbox', phoneNumber, phoneNumberType: 'msg' },
			says: /^Phone Number is set to “msg\.”/,
		}),
	),
	{
		type: 'send-otp-call',
		fields: { account: 'sandbox', code: '1234', codeType: 'msg' },
		says: /^Code is set to “msg\.”/,
	},
	{
		type: 'send-otp-call',
		fields: { account: 'sandbox', phoneNumber: 'msg.payload.phone', phoneNumberType: 'str' },
		says: /^Phone Number is set to text, but this looks like a property/,
	},
	{
		type: 'send-otp-call',
		fields: { account: 'sandbox', code: '' },
		says: /^Code is empty$/,
	},
	...['-5', 'abc', '1.5', '86401'].map(
		(coolDownSeconds): Mistake => ({
			type: 'send-otp-call',
			fields: { account: 'sandbox', coolDownSeconds },
			says: /^Cool-Down must be a whole number from 0 to 86400$/,
		}),
	),
	...['abc', '-1', '0', '601'].map(
		(timeout): Mistake => ({
			type: 'send-otp-call',
			fields: { account: 'sandbox', timeout },
			says: /^Timeout must be a number of seconds from 0\.1 to 600$/,
		}),
	),
	...['by day', '08:00', '25-26', '08:00-08:00'].map(
		(callingHours): Mistake => ({
			type: 'send-otp-call',
			fields: { account: 'sandbox', callingHours },
			says: /^Calling Hours must be two times of the day, such as 08:00-21:00$/,
		}),
	),
	{
		type: 'send-otp-call',
		fields: { account: 'sandbox', doNotCall: '09123456789', doNotCallType: 'msg' },
		says: /^Do-Not-Call List is set to “msg\.”/,
	},
	{
		type: 'send-otp-call',
		fields: { account: 'bitel', generateCode: true, codeLength: '6' },
		says: /^Code Length must be a whole number from 1 to 5$/,
	},
	{
		type: 'send-otp-call',
		fields: { account: 'bitel', repeatCount: '0', repeatCountType: 'num' },
		says: /^Repeat Count must be a whole number, 1 or more$/,
	},
	...['69b9e312e3b64b3880760639f5dfdffa', 'f9b9e312e3b64b3880760639f5dfdffa'].map(
		(callId): Mistake => ({
			type: 'get-otp-call-status',
			fields: { account: 'sandbox', callId, callIdType: 'msg' },
			says: /^Call ID is set to “msg\.”/,
		}),
	),
	...['9', '601', 'soon'].map(
		(codeLifetime): Mistake => ({
			type: 'send-otp-call',
			fields: { account: 'sandbox', keepForCheck: true, codeLifetime },
			says: /^Code Lifetime must be a number of seconds from 10 to 600$/,
		}),
	),
	{
		type: 'send-otp-call',
		fields: { account: 'sandbox', keepForCheck: true, purpose: 'msg.payload.why' },
		says: /^Purpose is set to text, but this looks like a property/,
	},
	{
		type: 'check-otp-code',
		fields: { account: 'sandbox', verification: '' },
		says: /^Verification is empty$/,
	},
	{
		type: 'check-otp-code',
		fields: { account: 'sandbox', code: '80417', codeType: 'msg' },
		says: /^Code is set to “msg\.”/,
	},
	...['0', '6', 'many'].map(
		(maxAttempts): Mistake => ({
			type: 'check-otp-code',
			fields: { account: 'sandbox', maxAttempts },
			says: /^Max Attempts must be a whole number from 1 to 5$/,
		}),
	),
	{ type: 'check-otp-code', fields: { account: '' }, says: /^No account is chosen$/ },
	{ type: 'send-otp-call', fields: { account: '' }, says: /^No account is chosen$/ },
	{ type: 'send-otp-call', fields: { account: 'gone' }, says: /^No account is chosen$/ },
	{
		type: 'send-otp-call',
		fields: { account: 'unfinished' },
		says: /^The account is not filled in\. Open it/,
	},
	{
		type: 'get-otp-call-status',
		fields: { account: 'autocall', operation: 'getAll', limit: '0' },
		says: /^Limit must be a whole number, 1 or more$/,
	},
];

const editorOf = (host: (typeof hosts)[number], locale: string): EditorHost => {
	const editor = new EditorHost(host, folder, locale, types);
	const baseUrl = 'https://api.example.com';
	for (const provider of ['sandbox', 'bitel', 'autocall'])
		editor.validate('otp-call-account', provider, { provider, baseUrl });
	editor.validate('otp-call-account', 'unfinished', { provider: 'autocall' });
	return editor;
};

for (const host of hosts) {
	describe(`The editor of ${host}`, () => {
		const editor = editorOf(host, 'en-US');

		for (const { type, fields, says } of mistakes) {
			it(`refuses ${type} with ${JSON.stringify(fields)}, and says why`, () => {
				const { errors, valid } = editor.validate(type, 'node', fields);
				assert.equal(valid, false);
				assert.ok(
					errors.some((error) => says.test(error)),
					errors.join('; '),
				);
			});
		}

		for (const [type, fields] of [
			['otp-call-account', { provider: 'sandbox' }],
			['otp-call-account', { provider: 'autocall', baseUrl: 'http://localhost:8080' }],
			['otp-call-account', { provider: 'bitel', baseUrl: '${BASE_URL}' }],
			['send-otp-call', { account: 'sandbox' }],
			['send-otp-call', { account: 'sandbox', phoneNumber: '0912', phoneNumberType: 'str' }],
			['send-otp-call', { account: 'sandbox', phoneNumber: 'order.phone', phoneNumberType: 'msg' }],
			['send-otp-call', { account: 'sandbox', coolDownSeconds: '${REST}', timeout: '0.5' }],
			['send-otp-call', { account: 'sandbox', generateCode: true, code: '', codeLength: '6' }],
			['send-otp-call', { account: 'sandbox', callingHours: '۲۲-۶', doNotCall: 'list' }],
			['send-otp-call', { account: 'sandbox', callingHours: '${HOURS}' }],
			['send-otp-call', { account: 'sandbox', keepForCheck: false, codeLifetime: 'soon' }],
			['get-otp-call-status', { account: 'sandbox' }],
			['check-otp-code', { account: 'sandbox' }],
			['check-otp-code', { account: 'sandbox', purpose: 'login', phoneNumber: 'phone' }],
			['otp-call-event', { account: 'bitel', publicUrl: '' }],
			['otp-call-event', { account: 'autocall', publicUrl: 'https://flows.example.com/x' }],
		] as const satisfies readonly (readonly [NodeType, Fields])[]) {
			it(`takes ${type} with ${JSON.stringify(fields)}`, () => {
				assert.deepEqual(editor.validate(type, 'node', fields), { valid: true, errors: [] });
			});
		}

		it('wants the secret of an account that has none', () => {
			const fields = { provider: 'bitel' };
			const empty = editor.validate('otp-call-account', 'other', fields, { token: '' });
			assert.deepEqual(empty.errors, ['Token is empty']);
			const filled = editor.validate('otp-call-account', 'other', fields, { token: 'x' });
			assert.equal(filled.valid, true);
		});
	});
}

describe('The editor in another language', () => {
	for (const [locale, start] of [
		['fa', 'استراحت باید'],
		['vi', 'Thời gian nghỉ phải là số nguyên từ 0 đến 86400'],
	] as const) {
		it(`says why in it: ${locale}`, () => {
			const editor = editorOf('node-red', locale);
			for (const { type, fields } of mistakes) {
				for (const error of editor.validate(type, 'node', fields).errors) {
					assert.match(error, / /, error);
					assert.doesNotMatch(error, /undefined|[{}]/);
				}
			}
			const { errors } = editor.validate('send-otp-call', 'node', {
				account: 'sandbox',
				coolDownSeconds: '-5',
			});
			assert.ok(errors[0]?.startsWith(start), errors.join('; '));
		});
	}
});
