import { apiKeyField, baseUrlField, tokenField } from '../sharedFields';
import { everywhere } from '../fields';
import type { ChoiceField, Field, ListField, ReferenceField, TextForm } from '../fields';

/** Autocall's own fields of a call, those of an account, and what its calls can be filtered by. */

const exampleCampaign = 'f77dfcf4-0759-4179-93cb-741f481a776e';

const uuid: TextForm = {
	pattern: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
	rule: `must be a UUID such as ${exampleCampaign}`,
};

const campaignWords = { en: 'Campaign', fa: 'کمپین', vi: 'Chiến dịch' };

const campaignEntry = {
	en: 'The UUID of the campaign; an address that contains it will do',
	fa: 'شناسه UUID کمپین؛ نشانی‌ای که آن را دارد هم پذیرفته است',
	vi: 'UUID của chiến dịch; một địa chỉ có chứa nó cũng được',
};

export const campaign: ListField = {
	kind: 'list',
	name: 'campaign',
	pickFrom: 'campaign',
	by: 'id',
	form: uuid,
	label: campaignWords,
	hint: {
		en: 'The voice OTP campaign. Leave empty for the one of the ‹account›',
		fa: 'کمپین کد صوتی. خالی: کمپین ‹account›',
		vi: 'Chiến dịch voice OTP. Để trống: chiến dịch của ‹account›',
	},
	placeholder: {
		en: "UUID; empty: the account's",
		fa: 'شناسه UUID؛ خالی: از حساب',
		vi: 'UUID; để trống: của tài khoản',
	},
	entryHint: campaignEntry,
	example: exampleCampaign,
	icon: 'bullhorn',
	required: true,
	accountDefault: true,
};

export const template: ListField = {
	kind: 'list',
	name: 'template',
	pickFrom: 'template',
	by: 'name',
	label: { en: 'Template', fa: 'قالب', vi: 'Kịch bản' },
	hint: {
		en: 'The script that reads the code out, by its name',
		fa: 'نام متنی که کد را می‌خواند',
		vi: 'Tên kịch bản đọc mã',
	},
	entryHint: {
		en: 'The name of the script as it stands in the portal',
		fa: 'نام متن همان‌گونه که در پنل است',
		vi: 'Tên kịch bản như trong cổng quản trị',
	},
	example: 'otp_script_01',
	icon: 'file-text-o',
	required: true,
};

export const refId: ReferenceField = {
	kind: 'reference',
	name: 'refId',
	label: { en: 'Reference ID', fa: 'شناسه مرجع', vi: 'Mã tham chiếu' },
	hint: {
		en: 'Your own reference of the call, such as an order number: new for each call and without the code in it. Leave empty to have one made',
		fa: 'مرجع خودتان مانند شماره سفارش؛ برای هر تماس تازه و بدون کد. خالی: خودکار ساخته می‌شود',
		vi: 'Mã của bạn, ví dụ số đơn hàng: mỗi cuộc gọi một mã mới và không chứa mã OTP. Để trống: tự tạo',
	},
	placeholder: {
		en: 'made up for each call',
		fa: 'برای هر تماس ساخته می‌شود',
		vi: 'tự tạo cho mỗi cuộc gọi',
	},
	example: 'order-1042',
	icon: 'tag',
	perCall: true,
};

/** In the order of the form. */
export const fields: readonly Field[] = [campaign, template, refId];

const authentication: ChoiceField = {
	kind: 'choice',
	name: 'authentication',
	label: { en: 'Authentication', fa: 'ورود با', vi: 'Xác thực' },
	options: [
		{
			value: 'apiKey',
			label: { ...everywhere('API Key'), fa: 'کلید API' },
			hint: {
				en: 'The key is exchanged for tokens, which are renewed when they expire',
				fa: 'کلید با توکن‌هایی عوض می‌شود که هنگام انقضا تازه می‌شوند',
				vi: 'Khóa được đổi lấy token, token được làm mới khi hết hạn',
			},
		},
		{
			value: 'token',
			label: { ...everywhere('Token'), fa: 'توکن' },
			hint: {
				en: 'A token that you got yourself, and that you replace when it expires',
				fa: 'توکنی که خودتان گرفته‌اید و هنگام انقضا عوض می‌کنید',
				vi: 'Token bạn tự lấy và tự thay khi hết hạn',
			},
		},
	],
	icon: 'lock',
};

export const apiKey = apiKeyField({
	onlyIf: { field: 'authentication', is: 'apiKey' },
	hint: {
		en: 'The API key from your TEL4VN portal',
		fa: 'کلید API از پنل TEL4VN',
		vi: 'API key trong cổng TEL4VN',
	},
});

export const token = tokenField({
	onlyIf: { field: 'authentication', is: 'token' },
	hint: {
		en: 'The access token, without the word Bearer',
		fa: 'توکن دسترسی، بدون واژه Bearer',
		vi: 'Access token, không kèm chữ Bearer',
	},
});

export const accountFields: readonly Field[] = [
	baseUrlField({
		example: 'https://api.example.com',
		required: true,
		hint: {
			en: 'The address of the API that TEL4VN or your reseller gave you, without a path',
			fa: 'نشانی API که TEL4VN یا نماینده‌اش داده است، بدون مسیر',
			vi: 'Địa chỉ API do TEL4VN hoặc đại lý cung cấp, không kèm đường dẫn',
		},
	}),
	authentication,
	apiKey,
	token,
	{
		kind: 'line',
		name: 'campaign',
		credentialName: 'campaignUuid',
		form: uuid,
		label: { en: 'Campaign UUID', fa: 'UUID کمپین', vi: 'UUID chiến dịch' },
		hint: {
			en: 'The voice OTP campaign of calls whose node names none',
			fa: 'کمپین تماس‌هایی که نودشان کمپینی ندارد',
			vi: 'Chiến dịch voice OTP cho cuộc gọi mà nút không nêu',
		},
		example: exampleCampaign,
		icon: 'bullhorn',
	},
];

export const campaignFilter: ListField = {
	kind: 'list',
	name: 'campaign',
	pickFrom: 'campaign',
	by: 'id',
	label: campaignWords,
	hint: {
		en: 'Only calls of this campaign',
		fa: 'تنها تماس‌های این کمپین',
		vi: 'Chỉ cuộc gọi của chiến dịch này',
	},
	entryHint: campaignEntry,
	example: exampleCampaign,
	icon: 'bullhorn',
};

const ending = (value: string, en: string, fa: string, vi: string) => ({
	value,
	label: { en, fa, vi },
});

export const statusFilter: ChoiceField = {
	kind: 'choice',
	name: 'status',
	label: { en: 'Status', fa: 'وضعیت', vi: 'Trạng thái' },
	hint: {
		en: 'Only calls that ended like this, in the words of the provider',
		fa: 'تنها تماس‌هایی که این‌گونه پایان یافته‌اند، به واژه سرویس',
		vi: 'Chỉ cuộc gọi kết thúc như vậy, theo từ của nhà cung cấp',
	},
	options: [
		ending('answered', 'Answered', 'پاسخ داده شد', 'Đã nghe'),
		ending('busy', 'Busy', 'مشغول', 'Máy bận'),
		ending('cancel', 'Canceled', 'لغو شد', 'Đã hủy'),
		ending('congestion', 'Congestion', 'ازدحام', 'Nghẽn mạng'),
		ending('failed', 'Failed', 'ناموفق', 'Thất bại'),
		ending('invalid-number', 'Invalid Number', 'شماره نادرست', 'Số không hợp lệ'),
		ending('no-answered', 'No Answer', 'بی‌پاسخ', 'Không nghe'),
		ending('not-available', 'Not Available', 'در دسترس نیست', 'Không liên lạc được'),
		ending('phone-block', 'Phone Blocked', 'شماره مسدود', 'Số bị chặn'),
		ending('voicemail', 'Voicemail', 'پیام‌گیر', 'Hộp thư thoại'),
	],
	icon: 'flag-o',
};
