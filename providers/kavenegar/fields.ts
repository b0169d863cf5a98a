import { apiKeyField, baseUrlField } from '../sharedFields';
import type { Field, LineField, Words } from '../fields';

/** Kavenegar's own fields of a call, and those of an account, with their words. */

export const defaultBaseUrl = 'https://api.kavenegar.com';

export const summary: Words = {
	en: 'Calls numbers in Iran, reads out digits in a text of yours',
	fa: 'با شماره‌های ایران تماس می‌گیرد و رقم‌ها را در متن شما می‌خواند',
	vi: 'Gọi số ở Iran, đọc các chữ số trong văn bản của bạn',
};

/** Shown where it is chosen, since nobody would expect it of a call. */
export const notice: Words = {
	en: 'Kavenegar tells how a call ended in the words of a text message: delivered, not delivered, failed. Whether a person took it is not known, so <b>answered</b> stays empty',
	fa: 'کاوه‌نگار پایان تماس را با واژه‌های پیامک می‌گوید: رسیده، نرسیده، ناموفق. این‌که کسی تماس را پاسخ داده یا نه معلوم نیست، پس <b>answered</b> خالی می‌ماند',
	vi: 'Kavenegar báo kết quả cuộc gọi bằng từ ngữ của tin nhắn: đã đến, chưa đến, thất bại. Không biết có người nghe hay không, nên <b>answered</b> để trống',
};

const templateLabel = { en: 'Template', fa: 'قالب', vi: 'Mẫu' };

export const template: LineField = {
	kind: 'line',
	name: 'template',
	label: templateLabel,
	hint: {
		en: 'The name of the approved template of your Kavenegar panel that is read out, with %token where the code goes. Leave empty for the one of the ‹account›',
		fa: 'نام قالب تأییدشده در پنل کاوه‌نگار که خوانده می‌شود و جای کد در آن %token است. خالی: قالب ‹account›',
		vi: 'Tên mẫu đã duyệt trong bảng điều khiển Kavenegar được đọc lên, có %token ở chỗ của mã. Để trống: dùng mẫu của ‹account›',
	},
	example: 'verify',
	icon: 'file-text-o',
	required: true,
	accountDefault: true,
};

/** In the order of the form. */
export const fields: readonly Field[] = [template];

export const apiKey = apiKeyField({
	hint: {
		en: 'The API key from the account settings of your Kavenegar panel',
		fa: 'کلید API از تنظیمات حساب در پنل کاوه‌نگار',
		vi: 'API key trong phần cài đặt tài khoản của bảng điều khiển Kavenegar',
	},
});

export const accountFields: readonly Field[] = [
	apiKey,
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
		name: 'template',
		label: templateLabel,
		hint: {
			en: 'The template that is read out when a node names none',
			fa: 'قالب تماس‌هایی که نودشان قالبی ندارد',
			vi: 'Mẫu được đọc khi nút không nêu mẫu nào',
		},
		placeholder: {
			en: 'default for all calls; may be empty',
			fa: 'پیش‌فرض همه تماس‌ها؛ می‌تواند خالی باشد',
			vi: 'mặc định cho mọi cuộc gọi; có thể để trống',
		},
		example: 'verify',
		icon: 'file-text-o',
	},
];
