import { everywhere } from '../providers/fields';
import type { CountField, FieldName, LineField, SecretField, Words } from '../providers/fields';

/** The fields of the nodes that every provider's calls have: one name for one thing, in both hosts. */

/** A number of seconds. */
export interface SecondsField extends FieldName {
	readonly least: number;
	readonly most: number;
	/** What is taken where the field is empty. */
	readonly usual: number;
	readonly hint: Words;
}

const field = (name: string, en: string, fa: string, vi: string): FieldName => ({
	name,
	label: { en, fa, vi },
});

export const providerField = field('provider', 'Provider', 'سرویس‌دهنده', 'Nhà cung cấp');

export const generateCodeField = field('generateCode', 'Generate Code', 'ساخت کد', 'Tạo mã');

export const codeLengthField: CountField = {
	kind: 'count',
	...field('codeLength', 'Code Length', 'طول کد', 'Độ dài mã'),
	least: 1,
};

export const codeAlphabetField = field(
	'codeAlphabet',
	'Code Characters',
	'نویسه‌های کد',
	'Ký tự của mã',
);

export const waitForResultField = field(
	'waitForResult',
	'Wait for Result',
	'انتظار برای نتیجه',
	'Chờ kết quả',
);

export const waitUntilEndedField = field(
	'waitUntilEnded',
	'Wait Until Ended',
	'انتظار تا پایان',
	'Chờ đến khi kết thúc',
);

export const idempotencyKeyField: FieldName & { readonly hint: Words } = {
	...field('idempotencyKey', 'Idempotency Key', 'کلید یکتایی', 'Khóa chống gọi lặp'),
	hint: {
		en: 'What makes this call this call, such as an order number. A second send with the same key within 24 hours places nothing, in whatever execution, retry or restart',
		fa: 'آنچه این تماس را یکتا می‌کند، مانند شماره سفارش. ارسال دوم با همان کلید تا ۲۴ ساعت تماسی نمی‌گیرد، حتی پس از راه‌اندازی دوباره',
		vi: 'Điều phân biệt cuộc gọi này, ví dụ số đơn hàng. Trong 24 giờ, lần gửi thứ hai với cùng khóa không gọi nữa, kể cả sau khi khởi động lại',
	},
};

export const keepForCheckField: FieldName & { readonly hint: Words } = {
	...field('keepForCheck', 'Keep for Check', 'نگه‌داشتن برای بررسی', 'Giữ để kiểm tra'),
	hint: {
		en: 'Puts out a sealed token as verification in place of the code. Check OTP Code takes it with what the person has typed',
		fa: 'به جای کد یک توکن مهرشده در verification می‌دهد. نود بررسی کد آن را با آنچه شخص نوشته می‌گیرد',
		vi: 'Xuất một token niêm phong trong verification thay cho mã. Nút kiểm tra mã nhận nó cùng với mã người dùng gõ',
	},
};

export const codeLifetimeField: SecondsField = {
	...field('codeLifetime', 'Code Lifetime', 'اعتبار کد', 'Thời hạn mã'),
	least: 10,
	most: 600,
	usual: 300,
	hint: {
		en: 'Seconds from the send on in which the code can be checked',
		fa: 'ثانیه‌هایی پس از ارسال که کد را می‌توان بررسی کرد',
		vi: 'Số giây kể từ lúc gửi mà mã còn kiểm tra được',
	},
};

/** With three bytes for each character the token stays below 512 characters. */
export const purposeField: LineField & { readonly hint: Words } = {
	kind: 'line',
	...field('purpose', 'Purpose', 'کاربرد', 'Mục đích'),
	longest: 80,
	example: 'login',
	hint: {
		en: 'What the code is for, the same in the send and in the check: a code for one purpose is not right for another',
		fa: 'کد برای چیست؛ در ارسال و بررسی یکسان. کد یک کاربرد برای کاربرد دیگر درست نیست',
		vi: 'Mã dùng để làm gì, giống nhau khi gửi và khi kiểm tra: mã cho mục đích này không đúng cho mục đích khác',
	},
};

export const verificationField: FieldName & { readonly hint: Words } = {
	...field('verification', 'Verification', 'توکن بررسی', 'Token xác minh'),
	hint: {
		en: 'What ‹sendNode› put out as verification',
		fa: 'آنچه ‹sendNode› در verification داده است',
		vi: 'Giá trị verification mà ‹sendNode› đã xuất',
	},
};

export const maxAttemptsField: Required<Pick<CountField, 'most' | 'usual' | 'hint'>> & CountField =
	{
		kind: 'count',
		...field('maxAttempts', 'Max Attempts', 'حداکثر تلاش', 'Số lần thử tối đa'),
		least: 1,
		most: 5,
		usual: 5,
		hint: {
			en: 'How often one code may be tried. A code of fewer than 6 digits may be tried 3 times at most',
			fa: 'هر کد چند بار آزموده شود. کد کوتاه‌تر از ۶ رقم حداکثر ۳ بار',
			vi: 'Một mã được thử bao nhiêu lần. Mã ít hơn 6 chữ số được thử tối đa 3 lần',
		},
	};

export const coolDownField: CountField = {
	kind: 'count',
	...field('coolDownSeconds', 'Cool-Down', 'استراحت', 'Thời gian nghỉ'),
	least: 0,
	// A day.
	most: 86_400,
	usual: 0,
};

export const maxCallsPerHourField: CountField = {
	kind: 'count',
	...field(
		'maxCallsPerHour',
		'Max Calls per Hour',
		'حداکثر تماس در ساعت',
		'Số cuộc tối đa mỗi giờ',
	),
	least: 0,
	most: 60,
	usual: 0,
};

/** For both budgets: a number that nobody reaches by accident. */
const mostInBudget = 100_000;

export const hourlyBudgetField: CountField = {
	kind: 'count',
	...field(
		'maxCallsPerHourAll',
		'Max Calls per Hour, All Numbers',
		'حداکثر تماس در ساعت، همه شماره‌ها',
		'Số cuộc tối đa mỗi giờ, mọi số',
	),
	least: 0,
	most: mostInBudget,
	usual: 0,
};

export const dailyBudgetField: CountField = {
	kind: 'count',
	...field(
		'maxCallsPerDayAll',
		'Max Calls per Day, All Numbers',
		'حداکثر تماس در روز، همه شماره‌ها',
		'Số cuộc tối đa mỗi ngày, mọi số',
	),
	least: 0,
	most: mostInBudget,
	usual: 0,
};

export const callingHoursField: LineField & { readonly hint: Words } = {
	kind: 'line',
	...field('callingHours', 'Calling Hours', 'ساعت‌های تماس', 'Giờ được gọi'),
	example: '08:00-21:00',
	hint: {
		en: 'From and to, on the clock of the person called, also over midnight. Outside them nothing is sent: the call fails as refused-by-rule. Empty: at any time',
		fa: 'از و تا، به ساعت کشور شخص، حتی از نیمه‌شب گذشته. بیرون از آن چیزی فرستاده نمی‌شود و تماس با refused-by-rule رد می‌شود. خالی: همیشه',
		vi: 'Từ và đến, theo giờ nơi người được gọi, có thể qua nửa đêm. Ngoài giờ đó không gửi gì: cuộc gọi bị từ chối với refused-by-rule. Để trống: lúc nào cũng gọi',
	},
};

export const doNotCallField: FieldName & { readonly hint: Words } = {
	...field('doNotCall', 'Do-Not-Call List', 'فهرست تماس‌ممنوع', 'Danh sách không gọi'),
	hint: {
		en: 'Numbers that are never called, in any writing: text with commas or line breaks between them, or a list. A call to one of them fails as refused-by-rule. While an entry cannot be read, nobody is called (invalid-input)',
		fa: 'شماره‌هایی که هرگز با آن‌ها تماس گرفته نمی‌شود، به هر نگارش: متن با ویرگول یا خط تازه میانشان، یا آرایه. تماس با آن‌ها با refused-by-rule رد می‌شود. تا یکی از آن‌ها خوانده نشود با هیچ‌کس تماس گرفته نمی‌شود (invalid-input)',
		vi: 'Các số không bao giờ được gọi, viết kiểu nào cũng được: văn bản cách nhau bằng dấu phẩy hoặc xuống dòng, hoặc một mảng. Gọi tới số đó bị từ chối với refused-by-rule. Khi một mục không đọc được thì không gọi ai cả (invalid-input)',
	},
};

export const concurrencyField: CountField = {
	kind: 'count',
	...field('concurrency', 'Calls at a Time', 'هم‌زمانی', 'Số yêu cầu đồng thời'),
	least: 1,
	most: 100,
	usual: 10,
};

export const timeoutField: SecondsField = {
	...field('timeout', 'Timeout', 'مهلت درخواست', 'Giới hạn yêu cầu'),
	least: 0.1,
	most: 600,
	usual: 15,
	hint: {
		en: 'Seconds that one request may take',
		fa: 'ثانیه برای هر درخواست',
		vi: 'Số giây cho một yêu cầu',
	},
};

export const pollIntervalField: SecondsField = {
	...field('pollInterval', 'Check Every', 'فاصله بررسی', 'Khoảng kiểm tra'),
	least: 0.1,
	most: 3_600,
	usual: 2,
	hint: {
		en: 'Seconds between two looks at a call that is waited for, more the longer it takes. Not set, they follow from what the latest calls have lasted',
		fa: 'ثانیه میان دو بررسی تماس؛ با گذشت زمان بیشتر می‌شود. خالی: بر پایه مدت تماس‌های اخیر',
		vi: 'Số giây giữa hai lần xem cuộc gọi; càng lâu càng thưa. Để trống: theo độ dài các cuộc gọi gần đây',
	},
};

export const waitTimeoutField: SecondsField = {
	...field('waitTimeout', 'Wait Timeout', 'حداکثر انتظار', 'Chờ tối đa'),
	least: 0.1,
	most: 86_400,
	usual: 120,
	hint: {
		en: 'Seconds to wait for the end of a call',
		fa: 'ثانیه تا پایان تماس',
		vi: 'Số giây chờ cuộc gọi kết thúc',
	},
};

export const waitForField = field('waitFor', 'Wait For', 'انتظار برای', 'Chờ bằng');

export const resumeWaitingField = field(
	'resumeWaiting',
	'Resume Waiting Executions',
	'ادامه اجراهای منتظر',
	'Tiếp tục các lần chạy đang chờ',
);

export const simplifyField = field('simplify', 'Simplify', 'خروجی ساده', 'Rút gọn');

export const operationField = field('operation', 'Operation', 'عملیات', 'Thao tác');

export const lookUpByField = field('lookUpBy', 'Look Up By', 'جستجو با', 'Tra cứu theo');

export const returnAllField = field('returnAll', 'Return All', 'همه موارد', 'Lấy tất cả');

export const limitField: CountField = {
	kind: 'count',
	...field('limit', 'Limit', 'حداکثر', 'Giới hạn'),
	least: 1,
	usual: 50,
};

export const filtersField = field('filters', 'Filters', 'فیلترها', 'Bộ lọc');

export const fromField = field('from', 'From', 'از', 'Từ ngày');

export const toField = field('to', 'To', 'تا', 'Đến ngày');

export const triggerOnField = field('triggerOn', 'Trigger On', 'هنگام', 'Kích hoạt khi');

export const confirmStatusField = field(
	'confirmStatus',
	'Confirm Status',
	'تأیید وضعیت',
	'Xác nhận trạng thái',
);

/** The account of a node: n8n calls it a credential. */
export const accountField: FieldName = {
	name: 'account',
	label: { en: 'Account', fa: 'حساب', vi: 'Tài khoản' },
};

/** The types of events, as a user chooses them. */
export const eventTypeWords: Readonly<
	Record<'answered' | 'ended' | 'ringing', { readonly label: Words; readonly hint: Words }>
> = {
	answered: {
		label: { en: 'Call Answered', fa: 'پاسخ به تماس', vi: 'Cuộc gọi được trả lời' },
		hint: {
			...everywhere('Somebody or something took the call'),
			fa: 'کسی یا چیزی به تماس پاسخ داد',
			vi: 'Có người hoặc máy nhấc máy',
		},
	},
	ended: {
		label: { en: 'Call Ended', fa: 'پایان تماس', vi: 'Cuộc gọi kết thúc' },
		hint: {
			en: 'The call is over, answered or not; this tells how it ended',
			fa: 'تماس تمام شد، با پاسخ یا بی‌پاسخ؛ و می‌گوید چگونه',
			vi: 'Cuộc gọi đã xong, có nghe hay không; cho biết kết quả',
		},
	},
	ringing: {
		label: { en: 'Call Ringing', fa: 'زنگ خوردن تماس', vi: 'Cuộc gọi đổ chuông' },
		hint: {
			en: 'The phone has begun to ring',
			fa: 'تلفن زنگ می‌خورد',
			vi: 'Máy đã bắt đầu đổ chuông',
		},
	},
};

export const testNumbersField: LineField = {
	kind: 'line',
	name: 'testNumbers',
	label: { en: 'Test Numbers', fa: 'شماره‌های آزمایشی', vi: 'Số thử nghiệm' },
	longest: 1_000,
	icon: 'flask',
	hint: {
		en: 'Numbers that are never called, separated by commas. The last two digits choose how the call ends (01 busy, 02 no answer, 06 failed, others answered), and the output has test: true. List none of a person',
		fa: 'شماره‌هایی که هرگز با آن‌ها تماس گرفته نمی‌شود، جداشده با ویرگول. دو رقم آخر پایان تماس را تعیین می‌کند (۰۱ مشغول، ۰۲ بی‌پاسخ، ۰۶ ناموفق، بقیه پاسخ) و خروجی test: true دارد. شماره هیچ کسی را ننویسید',
		vi: 'Các số không bao giờ bị gọi, cách nhau bằng dấu phẩy. Hai số cuối quyết định kết quả (01 máy bận, 02 không nghe, 06 thất bại, còn lại có người nghe), và đầu ra có test: true. Đừng ghi số của người thật',
	},
	placeholder: { en: 'none', fa: 'هیچ', vi: 'không có' },
};

export const testCodeField: SecretField = {
	kind: 'secret',
	name: 'testCode',
	label: { en: 'Test Code', fa: 'کد آزمایشی', vi: 'Mã thử nghiệm' },
	icon: 'flask',
	hint: {
		en: 'The code of every call to a test number, in place of another one. Whoever knows it and such a number passes your check: choose one that nobody guesses, of 6 digits where the provider reads them out. Leave empty for a code as for any call',
		fa: 'کد همه تماس‌ها با شماره‌های آزمایشی به جای کد دیگر. هر که آن و چنین شماره‌ای را بداند از بررسی شما می‌گذرد: کدی برگزینید که کسی حدس نزند، ۶ رقمی اگر سرویس‌دهنده بخواند. خالی: کد مانند هر تماس',
		vi: 'Mã của mọi cuộc gọi tới số thử nghiệm, thay cho mã khác. Ai biết mã này và một số như vậy sẽ qua được bước kiểm tra: hãy chọn mã không ai đoán được, 6 chữ số nếu nhà cung cấp đọc được. Để trống: mã như mọi cuộc gọi',
	},
};
