import { invalid, isInvalid, named } from '../providers/fields';
import type { InvalidField } from '../providers/fields';
import { foldDigits, readLine } from '../providers/reading/values';
import { callingHoursField } from './fields';

/** The hours of the day in which people may be called, by the clock on their own wall. */
export interface CallingHours {
	/** Minutes since midnight, less than a day. */
	readonly from: number;
	/** Minutes since midnight, a day at most; not after `from`: it is of the next day. */
	readonly to: number;
}

const minute = 60_000;
const day = 24 * 60;

const time = /(\d{1,2})(?::([0-5]\d))?/.source;
const span = new RegExp(`^${time}\\s*[-\\u2010-\\u2015\\u2212]\\s*${time}$`);

const minutesOf = (hours: string | undefined, minutes = '0'): number =>
	Number(hours) * 60 + Number(minutes);

/** The hours that a user has filled in, such as `08:00-21:00`; null: none. */
export function readCallingHours(value: unknown): CallingHours | null | InvalidField {
	const line = readLine(value, callingHoursField);
	if (isInvalid(line)) return line;
	if (line === undefined) return null;
	const wrong = (rule: string): InvalidField =>
		invalid(
			callingHoursField,
			rule,
			`Set ${named(callingHoursField)} to a span such as ${callingHoursField.example}, or leave it empty`,
		);
	const [, fromHours, fromMinutes, toHours, toMinutes] = span.exec(foldDigits(line)) ?? [];
	const from = minutesOf(fromHours, fromMinutes);
	const to = minutesOf(toHours, toMinutes);
	if (!(from < day && to <= day)) {
		return wrong('must be two times of the day, from 00:00 to 24:00, with a hyphen between them');
	}
	// It could mean always or never.
	if (from === to) return wrong('must not begin and end at the same time');
	return { from, to };
}

/** How the clock in a time zone reads: made once, since that takes long. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
	const known = clocks.get(timeZone);
	if (known !== undefined) return known;
	const clock = new Intl.DateTimeFormat('en-GB', {
		timeZone,
		hourCycle: 'h23',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	});
	clocks.set(timeZone, clock);
	return clock;
}

/** Milliseconds since midnight in a time zone. */
function timeOfDay(now: number, timeZone: string): number {
	const [hours = 0, minutes = 0, seconds = 0] = clockOf(timeZone)
		.format(now)
		.split(':')
		.map(Number);
	return ((hours * 60 + minutes) * 60 + seconds) * 1000 + (now % 1000);
}

/** A time of the day as people write it: `08:00`. */
const written = (minutes: number): string =>
	[Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** The hours as people write them: `08:00–21:00`. */
export const hoursInWords = ({ from, to }: CallingHours): string =>
	`${written(from)}–${written(to)}`;

/** What the clock shows in a time zone: `23:15`. */
export const timeInWords = (now: number, timeZone: string): string =>
	written(Math.floor(timeOfDay(now, timeZone) / minute));

/**
 * How many milliseconds it is until calls are allowed in a time zone; 0: they are.
 * @param now milliseconds since 1970
 */
export function closedFor({ from, to }: CallingHours, now: number, timeZone: string): number {
	const isOpen = (at: number): boolean => {
		const minutes = timeOfDay(at, timeZone) / minute;
		return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
	};
	if (isOpen(now)) return 0;
	const untilFrom = (at: number): number =>
		(from * minute - timeOfDay(at, timeZone) + day * minute) % (day * minute);
	const opening = now + untilFrom(now);
	// Where clocks are put forward or back in between, it comes sooner or later by as much.
	const shift = ((untilFrom(opening) + (day / 2) * minute) % (day * minute)) - (day / 2) * minute;
	return (isOpen(opening + shift) ? opening + shift : opening) - now;
}
