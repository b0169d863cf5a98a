import type { Words } from '../fields';

/** The words of the sandbox in forms. It has no fields: it needs no account, and calls nobody. */

export const summary: Words = {
	en: 'Calls nobody and needs no account, to build and test a flow',
	fa: 'با کسی تماس نمی‌گیرد و حساب نمی‌خواهد؛ برای ساختن و آزمودن جریان',
	vi: 'Không gọi ai và không cần tài khoản, để dựng và thử luồng',
};

export const notice: Words = {
	en: 'The sandbox calls nobody. The last two digits of the number choose how the call ends: <b>01</b> busy, <b>02</b> no answer, <b>03</b> declined, <b>04</b> unreachable, <b>05</b> answering machine, <b>06</b> failed, <b>07</b> refused, <b>08</b> rate limited, <b>09</b> outcome unknown, others answered',
	fa: 'سندباکس با کسی تماس نمی‌گیرد. دو رقم آخر شماره پایان تماس را تعیین می‌کند: <b>۰۱</b> مشغول، <b>۰۲</b> بی‌پاسخ، <b>۰۳</b> رد تماس، <b>۰۴</b> در دسترس نیست، <b>۰۵</b> پیام‌گیر، <b>۰۶</b> ناموفق، <b>۰۷</b> رد درخواست، <b>۰۸</b> محدودیت نرخ، <b>۰۹</b> نتیجه نامعلوم، بقیه پاسخ داده می‌شوند',
	vi: 'Sandbox không gọi ai. Hai số cuối của số điện thoại quyết định kết quả: <b>01</b> máy bận, <b>02</b> không nghe, <b>03</b> từ chối, <b>04</b> không liên lạc được, <b>05</b> hộp thư thoại, <b>06</b> thất bại, <b>07</b> bị từ chối khi gửi, <b>08</b> quá nhiều yêu cầu, <b>09</b> chưa rõ kết quả, còn lại là có người nghe',
};
