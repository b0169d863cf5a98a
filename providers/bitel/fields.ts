import { baseUrlField, tokenField } from '../sharedFields';
import type { CountField, Field, LineField } from '../fields';

/** Bitel's own fields of a call, and those of an account, with their words. */

export const defaultBaseUrl = 'https://api.bitel.rest';

export const repeatCount: CountField = {
	kind: 'count',
	name: 'repeatCount',
	least: 1,
	usual: 2,
	label: { en: 'Repeat Count', fa: 'دفعات خواندن', vi: 'Số lần đọc' },
	hint: {
		en: 'How many times the code is read out',
		fa: 'کد چند بار خوانده شود',
		vi: 'Mã được đọc bao nhiêu lần',
	},
	placeholder: { en: '2 times (the default)', fa: '۲ بار (پیش‌فرض)', vi: '2 lần (mặc định)' },
	icon: 'repeat',
	advanced: true,
};

export const retryCount: CountField = {
	kind: 'count',
	name: 'retryCount',
	least: 0,
	usual: 1,
	label: { en: 'Retry Count', fa: 'دفعات تماس دوباره', vi: 'Số lần gọi lại' },
	hint: {
		en: 'How many times Bitel itself calls again when the line is busy or nobody answers',
		fa: 'اگر خط مشغول باشد یا کسی پاسخ ندهد، بیتل خودش چند بار دیگر تماس بگیرد',
		vi: 'Số lần Bitel tự gọi lại khi máy bận hoặc không ai nghe',
	},
	placeholder: { en: '1 time (the default)', fa: '۱ بار (پیش‌فرض)', vi: '1 lần (mặc định)' },
	icon: 'refresh',
	advanced: true,
};

const serverIdLabel = { en: 'Server ID', fa: 'شناسه سرور', vi: 'Mã máy chủ' };

export const serverId: LineField = {
	kind: 'line',
	name: 'serverId',
	label: serverIdLabel,
	hint: {
		en: 'The dialer from which the call starts. Leave empty for the one of the ‹account›',
		fa: 'شماره‌گیری که تماس از آن آغاز می‌شود. خالی: سرور ‹account›',
		vi: 'Máy chủ thực hiện cuộc gọi. Để trống: dùng máy chủ của ‹account›',
	},
	placeholder: {
		en: "the account's, if it has one",
		fa: 'از حساب، اگر باشد',
		vi: 'của tài khoản, nếu có',
	},
	example: '5d2f4c1e',
	icon: 'server',
	accountDefault: true,
	advanced: true,
};

export const voiceId: LineField = {
	kind: 'line',
	name: 'voiceId',
	label: { en: 'Voice ID', fa: 'شناسه صدا', vi: 'Mã bản ghi' },
	hint: {
		en: 'The recording of your Bitel panel that is played before the code is read out',
		fa: 'صدای ضبط‌شده در پنل بیتل که پیش از کد پخش می‌شود',
		vi: 'Bản ghi trong bảng điều khiển Bitel được phát trước khi đọc mã',
	},
	placeholder: { en: 'none', fa: 'هیچ', vi: 'không có' },
	example: '7',
	icon: 'volume-up',
	advanced: true,
};

/** In the order of the form. */
export const fields: readonly Field[] = [repeatCount, retryCount, serverId, voiceId];

export const token = tokenField({
	hint: {
		en: 'The API token from your Bitel panel, without the word Bearer',
		fa: 'توکن API از پنل بیتل، بدون واژه Bearer',
		vi: 'API token trong bảng điều khiển Bitel, không kèm chữ Bearer',
	},
});

export const accountFields: readonly Field[] = [
	token,
	baseUrlField({
		example: defaultBaseUrl,
		hint: {
			en: 'The address of the API, without a path',
			fa: 'نشانی API بدون مسیر',
			vi: 'Địa chỉ của API, không kèm đường dẫn',
		},
	}),
	{
		kind: 'line',
		name: 'serverId',
		label: serverIdLabel,
		hint: {
			en: 'The dialer from which calls start when a node names none. Leave empty for the default of your Bitel project',
			fa: 'شماره‌گیر تماس‌هایی که نودشان سروری ندارد. خالی: پیش‌فرض پروژه بیتل',
			vi: 'Máy chủ gọi khi nút không nêu. Để trống: mặc định của dự án Bitel',
		},
		placeholder: {
			en: 'default for all calls; may be empty',
			fa: 'پیش‌فرض همه تماس‌ها؛ می‌تواند خالی باشد',
			vi: 'mặc định cho mọi cuộc gọi; có thể để trống',
		},
		example: '5d2f4c1e',
		icon: 'server',
	},
];
