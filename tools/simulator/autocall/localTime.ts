const UTC_OFFSET_MS = 7 * 60 * 60 * 1000;

/** `2023-03-07 10:06:53`: Vietnamese time without a zone; '' for null. `time`: epoch milliseconds. */
export function localTime(time: number | null): string {
	if (time === null) return '';
	return new Date(time + UTC_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

const DATE_AND_TIME = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}))?$/;

/**
 * Reads `2023-03-07 10:06:53`, or a date alone, which stands for its first second; undefined when it is
 * neither. Returns epoch milliseconds.
 */
export function parseLocalTime(text: string): number | undefined {
	const [, date, time] = DATE_AND_TIME.exec(text) ?? [];
	if (date === undefined) return undefined;
	const utc = Date.parse(`${date}T${time ?? '00:00:00'}Z`);
	return Number.isNaN(utc) ? undefined : utc - UTC_OFFSET_MS;
}
