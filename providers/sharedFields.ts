import { everywhere } from './fields';
import type { FieldName, SecretField, UrlField, Words } from './fields';

/** The fields that calls and accounts of all providers have, by their names and words. */

export const phoneNumberField: FieldName = {
	name: 'phoneNumber',
	label: { en: 'Phone Number', fa: 'شماره تلفن', vi: 'Số điện thoại' },
};

export const codeField: FieldName = {
	name: 'code',
	label: { en: 'Code', fa: 'کد', vi: 'Mã' },
};

export const callIdField: FieldName = {
	name: 'callId',
	label: { en: 'Call ID', fa: 'شناسه تماس', vi: 'Mã cuộc gọi' },
};

const baseUrlLabel: Words = { ...everywhere('Base URL'), fa: 'نشانی پایه' };

export const baseUrlName: FieldName = { name: 'baseUrl', label: baseUrlLabel };

/** The address of the API. */
export const baseUrlField = (own: Pick<UrlField, 'hint' | 'example' | 'required'>): UrlField => ({
	kind: 'url',
	...baseUrlName,
	icon: 'globe',
	...own,
});

/** A token that a user has got from the provider. */
export const tokenField = (own: Pick<SecretField, 'hint' | 'onlyIf'>): SecretField => ({
	kind: 'secret',
	name: 'token',
	label: { ...everywhere('Token'), fa: 'توکن' },
	icon: 'key',
	required: true,
	...own,
});

/** A lasting key of the account. */
export const apiKeyField = (own: Pick<SecretField, 'hint' | 'onlyIf'>): SecretField => ({
	kind: 'secret',
	name: 'apiKey',
	label: { ...everywhere('API Key'), fa: 'کلید API' },
	icon: 'key',
	required: true,
	...own,
});
