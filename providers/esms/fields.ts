import { apiKeyField, baseUrlField } from '../sharedFields';
import { everywhere } from '../fields';
import type { ChoiceField, Field, LineField, SecretField, Words } from '../fields';

/** eSMS's own fields of a call, and those of an account, with their words. */

export const defaultBaseUrl = 'https://rest.esms.vn';

export const notice: Words = {
	en: 'eSMS tells whether a call was sent or has failed, and not whether a person took it: “answered” stays null. Do not branch on it',
	fa: 'eSMS فقط می‌گوید تماس انجام شد یا نشد، نه این‌که کسی پاسخ داد: «answered» همیشه null است؛ شرط را بر آن نگذارید',
	vi: 'eSMS chỉ cho biết cuộc gọi đã gửi hay thất bại, không cho biết có người nghe: “answered” luôn là null. Đừng rẽ nhánh theo nó',
};

export const callbackUrl: LineField = {
	kind: 'line',
	name: 'callbackUrl',
	longest: 1_000,
	form: {
		pattern: /^https?:\/\/[^\s/]+\S*$/,
		rule: 'must be a web address that begins with https://',
	},
	label: { en: 'Callback URL', fa: 'نشانی بازخوانی', vi: 'URL callback' },
	hint: {
		en: 'Where eSMS tells how this call ended, by a GET: the address of an OTP call event. Where a node waits for the event itself, leave it empty',
		fa: 'جایی که eSMS پایان این تماس را با GET می‌گوید: نشانی نود رویداد تماس. اگر نود خودش منتظر رویداد است، خالی بگذارید',
		vi: 'Nơi eSMS báo cuộc gọi này kết thúc ra sao, bằng GET: địa chỉ của nút sự kiện cuộc gọi. Nếu nút tự chờ sự kiện thì để trống',
	},
	placeholder: { en: 'none', fa: 'هیچ', vi: 'không có' },
	example: 'https://flows.example.com/webhook/otp',
	icon: 'sign-in',
	advanced: true,
};

export const campaignName: LineField = {
	kind: 'line',
	name: 'campaignName',
	label: { en: 'Campaign Name', fa: 'نام کارزار', vi: 'Tên chiến dịch' },
	hint: {
		en: 'The name of a campaign for the call, as eSMS shows it',
		fa: 'نام کارزاری که eSMS برای این تماس نشان می‌دهد',
		vi: 'Tên chiến dịch mà eSMS hiển thị cho cuộc gọi',
	},
	placeholder: { en: 'none', fa: 'هیچ', vi: 'không có' },
	example: 'Sign-up',
	icon: 'bullhorn',
	advanced: true,
};

/** The values are those of the API's `Sandbox`. */
export const testMode: ChoiceField = {
	kind: 'choice',
	name: 'testMode',
	label: { en: 'Test Mode', fa: 'حالت آزمایشی', vi: 'Chế độ thử' },
	hint: {
		en: 'eSMS takes the call in its own test environment: nobody is called, and nothing is charged',
		fa: 'eSMS تماس را در محیط آزمایشی خود می‌گیرد: با کسی تماس گرفته و چیزی حساب نمی‌شود',
		vi: 'eSMS nhận cuộc gọi trong môi trường thử: không gọi ai và không trừ tiền',
	},
	options: [
		{ value: '0', label: { en: 'Off', fa: 'خاموش', vi: 'Tắt' } },
		{ value: '1', label: { en: 'On', fa: 'روشن', vi: 'Bật' } },
	],
	icon: 'flask',
	advanced: true,
};

/** In the order of the form. */
export const fields: readonly Field[] = [callbackUrl, campaignName, testMode];

export const apiKey = apiKeyField({
	hint: {
		en: 'From your eSMS panel, under API management',
		fa: 'از پنل eSMS، بخش مدیریت API',
		vi: 'Trong trang quản trị eSMS, mục Quản lý API',
	},
});

export const secretKey: SecretField = {
	kind: 'secret',
	name: 'secretKey',
	label: { ...everywhere('Secret Key'), fa: 'کلید محرمانه' },
	hint: {
		en: 'Stands beside the API Key in your eSMS panel',
		fa: 'در پنل eSMS کنار کلید API است',
		vi: 'Nằm cạnh API Key trong trang quản trị eSMS',
	},
	icon: 'lock',
	required: true,
};

export const accountFields: readonly Field[] = [
	apiKey,
	secretKey,
	baseUrlField({
		example: defaultBaseUrl,
		hint: {
			en: 'The address of the API, without a path',
			fa: 'نشانی API بدون مسیر',
			vi: 'Địa chỉ của API, không kèm đường dẫn',
		},
	}),
];
