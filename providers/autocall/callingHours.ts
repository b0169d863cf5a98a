import { field, isJsonArray, isJsonObject, numberField } from '../reading/json';
import type { JsonObject } from '../reading/json';

/** Their times have no zone; beside zoned fields of the same API they are UTC+7. */
const offset = 7 * 3_600_000;
const day = 86_400_000;
const nanoseconds = 1_000_000;

const weekdays = ['thursday', 'friday', 'saturday', 'sunday', 'monday', 'tuesday', 'wednesday'];

interface Hours {
	/** Milliseconds since midnight. */
	readonly from: number;
	readonly to: number;
}

const hoursOf = (schedule: JsonObject, weekday: string): Hours | null => {
	const from = numberField(schedule, `${weekday}_start_time`);
	const to = numberField(schedule, `${weekday}_end_time`);
	return from === null || to === null || to <= from
		? null
		: { from: from / nanoseconds, to: to / nanoseconds };
};

/**
 * Whether a campaign may not call at this moment: its `schedules` hold, for each day of the week, a
 * start and an end in nanoseconds since midnight. False when they say nothing that can be understood.
 * @param now milliseconds since 1970
 */
export function isOutsideHours(campaign: JsonObject, now: number): boolean {
	const schedules = field(campaign, 'schedules');
	const known = (isJsonArray(schedules) ? schedules : [])
		.filter(isJsonObject)
		.filter((schedule) => weekdays.some((weekday) => hoursOf(schedule, weekday) !== null));
	const local = now + offset;
	// 1970 began on a Thursday.
	const weekday = weekdays[Math.floor(local / day) % 7] ?? '';
	const time = local % day;
	const isOpen = known.some((schedule) => {
		const hours = hoursOf(schedule, weekday);
		return hours !== null && time >= hours.from && time < hours.to;
	});
	return known.length > 0 && !isOpen;
}
