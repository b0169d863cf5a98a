/** The decimal digits that people type in Iran and Vietnam: ASCII, Arabic, Persian, full width. */
const zeros = [0x0030, 0x0660, 0x06f0, 0xff10];

/** Writes every decimal digit of the text as its ASCII digit. */
export function foldDigits(text: string): string {
	return text.replace(/[٠-٩۰-۹０-９]/g, (digit) => {
		const point = digit.charCodeAt(0);
		const zero = zeros.find((start) => point >= start && point <= start + 9) ?? point;
		return String(point - zero);
	});
}
