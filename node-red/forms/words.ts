import type { Vocabulary } from '../../calls/words';
import { everywhere, languages } from '../../providers/fields';
import type { Language } from '../../providers/fields';

/**
 * The languages of the forms, as Node-RED names their folders.
 * @internal for the build
 */
export const locales: Readonly<Record<Language, string>> = { en: 'en-US', fa: 'fa', vi: 'vi' };

export const isLanguage = (value: unknown): value is Language =>
	languages.some((language) => language === value);

/** What the nodes are called in the palette, in every language. */
export const nodeLabels = {
	send: 'send OTP call',
	status: 'OTP call status',
	event: 'OTP call event',
} as const;

/** How Node-RED calls what hints and messages speak of. */
export const vocabularyIn = (language: Language): Vocabulary => ({
	language,
	nouns: {
		account: { en: 'account', fa: 'حساب', vi: 'tài khoản' },
		sendNode: everywhere(nodeLabels.send),
		statusNode: everywhere(nodeLabels.status),
		providerChoice: { en: 'Account', fa: 'حساب', vi: 'Tài khoản' },
		howToEvaluate: {
			en: 'Choose msg. to the left of the field and enter the name of the property, such as payload.phone: {{ }} means nothing here',
			fa: 'در سمت آغاز فیلد msg. را برگزینید و نام ویژگی را بنویسید، مانند payload.phone؛ {{ }} اینجا معنایی ندارد',
			vi: 'Chọn msg. ở bên trái ô và nhập tên thuộc tính, ví dụ payload.phone: {{ }} không có tác dụng ở đây',
		},
	},
});
