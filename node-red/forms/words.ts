import type { Vocabulary } from '../../calls/words';
import { languages } from '../../providers/fields';
import type { Language, Words } from '../../providers/fields';
import type { NodeType } from './fields';

/**
 * The languages of the forms, as Node-RED names their folders.
 * @internal for the build
 */
export const locales: Readonly<Record<Language, string>> = { en: 'en-US', fa: 'fa', vi: 'vi' };

export const isLanguage = (value: unknown): value is Language =>
	languages.some((language) => language === value);

/**
 * What the nodes are called in the palette and on the canvas.
 * @internal for the build
 */
export const nodeLabels: Readonly<Record<NodeType, Words>> = {
	'send-otp-call': { en: 'send OTP call', fa: 'ارسال تماس OTP', vi: 'gửi cuộc gọi OTP' },
	'get-otp-call-status': {
		en: 'OTP call status',
		fa: 'وضعیت تماس OTP',
		vi: 'trạng thái cuộc gọi OTP',
	},
	'check-otp-code': { en: 'check OTP code', fa: 'بررسی کد OTP', vi: 'kiểm tra mã OTP' },
	'otp-call-event': { en: 'OTP call event', fa: 'رویداد تماس OTP', vi: 'sự kiện cuộc gọi OTP' },
	'otp-call-account': { en: 'OTP call account', fa: 'حساب تماس OTP', vi: 'tài khoản gọi OTP' },
};

/** How Node-RED calls what hints and messages speak of. */
export const vocabularyIn = (language: Language): Vocabulary => ({
	language,
	nouns: {
		account: { en: 'account', fa: 'حساب', vi: 'tài khoản' },
		sendNode: nodeLabels['send-otp-call'],
		statusNode: nodeLabels['get-otp-call-status'],
		providerChoice: { en: 'Account', fa: 'حساب', vi: 'Tài khoản' },
		howToEvaluate: {
			en: 'Choose msg. to the left of the field and enter the name of the property, such as payload.phone: {{ }} means nothing here',
			fa: 'در سمت آغاز فیلد msg. را برگزینید و نام ویژگی را بنویسید، مانند payload.phone؛ {{ }} اینجا معنایی ندارد',
			vi: 'Chọn msg. ở bên trái ô và nhập tên thuộc tính, ví dụ payload.phone: {{ }} không có tác dụng ở đây',
		},
	},
});
