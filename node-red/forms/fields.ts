import {
	accountField,
	callingHoursField,
	codeAlphabetField,
	codeLengthField,
	codeLifetimeField,
	confirmStatusField,
	coolDownField,
	dailyBudgetField,
	doNotCallField,
	eventTypeWords,
	fromField,
	generateCodeField,
	hourlyBudgetField,
	idempotencyKeyField,
	keepForCheckField,
	limitField,
	lookUpByField,
	maxAttemptsField,
	maxCallsPerHourField,
	operationField,
	pollIntervalField,
	providerField,
	purposeField,
	returnAllField,
	simplifyField,
	timeoutField,
	toField,
	triggerOnField,
	verificationField,
	waitForResultField,
	waitTimeoutField,
	waitUntilEndedField,
} from '../../calls/fields';
import { everywhere } from '../../providers/fields';
import type { CountField, FieldName } from '../../providers/fields';
import { callIdField, codeField, phoneNumberField } from '../../providers/sharedFields';

/** The fields that only Node-RED has, and which fields stand in which form. */

const field = (name: string, en: string, fa: string, vi: string): FieldName => ({
	name,
	label: { en, fa, vi },
});

/** Node-RED itself has no words in these languages. */
const nameField = field('name', 'Name', 'نام', 'Tên');

const emitChangesField = field('emitChanges', 'Send Changes', 'ارسال تغییرات', 'Gửi thay đổi');

export const coolDownStoreField = field('coolDownStore', 'Remember In', 'نگهداری در', 'Lưu trong');

/** Where a check node counts tries. */
export const storeField: FieldName = { ...coolDownStoreField, name: 'store' };

/** How many messages of all nodes of an account are under way at a time. */
export const maxInFlightField: CountField = {
	kind: 'count',
	...field('maxInFlight', 'Calls at a Time', 'تماس هم‌زمان', 'Số cuộc cùng lúc'),
	least: 1,
	usual: 50,
};

const tlsField: FieldName = { name: 'tls', label: everywhere('TLS') };

const proxyField: FieldName = {
	name: 'proxy',
	label: { ...everywhere('Proxy'), fa: 'پروکسی' },
};

export const publicUrlField = field('publicUrl', 'Public URL', 'نشانی عمومی', 'URL công khai');

export const pathField = field('path', 'Path', 'مسیر', 'Đường dẫn');

/** The part of an event node's address that only its provider knows. */
export const secretField = field('secret', 'Secret', 'رمز', 'Mã bí mật');

const eventTypeFields: readonly FieldName[] = Object.entries(eventTypeWords).map(
	([name, { label }]) => ({ name, label }),
);

const waiting = [timeoutField, pollIntervalField, waitTimeoutField, simplifyField];

/** The fields of each node's form whose words are not those of one provider. */
export const fieldsOfForms = {
	'otp-call-account': [nameField, providerField, maxInFlightField, tlsField, proxyField],
	'send-otp-call': [
		nameField,
		accountField,
		phoneNumberField,
		codeField,
		generateCodeField,
		codeLengthField,
		codeAlphabetField,
		keepForCheckField,
		codeLifetimeField,
		purposeField,
		waitForResultField,
		emitChangesField,
		coolDownField,
		maxCallsPerHourField,
		hourlyBudgetField,
		dailyBudgetField,
		callingHoursField,
		doNotCallField,
		idempotencyKeyField,
		coolDownStoreField,
		...waiting,
	],
	'get-otp-call-status': [
		nameField,
		accountField,
		operationField,
		callIdField,
		lookUpByField,
		waitUntilEndedField,
		emitChangesField,
		returnAllField,
		limitField,
		fromField,
		toField,
		phoneNumberField,
		...waiting,
	],
	'check-otp-code': [
		nameField,
		accountField,
		verificationField,
		codeField,
		phoneNumberField,
		purposeField,
		maxAttemptsField,
		storeField,
	],
	'otp-call-event': [
		nameField,
		accountField,
		triggerOnField,
		...eventTypeFields,
		publicUrlField,
		pathField,
		confirmStatusField,
		simplifyField,
	],
} as const satisfies Readonly<Record<string, readonly FieldName[]>>;

export type NodeType = keyof typeof fieldsOfForms;

/**
 * The property of a status node that narrows its list by a field: `status` alone would be the node's own
 * status in the editor.
 */
export const filterProperty = (name: string): string =>
	`filter${name.charAt(0).toUpperCase()}${name.slice(1)}`;
