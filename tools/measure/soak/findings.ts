import type { Simulator } from '../../simulator/index';
import { machine, markdownTable, writeFigures } from '../report';
import type { Endurance } from './endurance';
import { type Load, placedByNumber } from './load';

/** Something that was promised, and what was seen. */
export interface Finding {
	readonly promise: string;
	readonly seen: string;
	readonly kept: boolean;
}

const EDITOR_WITHIN_MS = 200;
/** Less than this is what caches of the host grow by. */
const HEAP_GROWTH_MB = 5;
const LOAD_MEMORY_MB = 1_000;

const count = (value: number): string => value.toLocaleString('en-US');
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;

/** What a load says of the promises. */
export function judgeLoad(load: Load): readonly Finding[] {
	const { calls, editor, figures, placedByNumber: placed, results } = load;
	return [
		{
			promise: 'every call is placed exactly once',
			seen: `${count(placed.once)} of ${count(calls)} once, ${count(placed.moreOften)} more often, ${count(placed.never)} never`,
			kept: placed.once === calls,
		},
		{
			promise: 'every message or item is answered exactly once',
			seen: `${count(results)} answers`,
			kept: results === calls,
		},
		{
			promise: 'memory is bounded',
			seen: `grows by ${megabytes(figures.memoryGrowth)} at the peak`,
			kept: figures.memoryGrowth < LOAD_MEMORY_MB * 1e6,
		},
		...(editor === undefined
			? []
			: [
					{
						promise: `the admin API answers within ${milliseconds(EDITOR_WITHIN_MS)} meanwhile`,
						seen: `asked ${count(editor.asked)} times: p99 ${milliseconds(editor.p99)}, longest ${milliseconds(editor.max)}`,
						kept: editor.max <= EDITOR_WITHIN_MS,
					},
				]),
	];
}

/** What a time with faults says of the promises. */
export function judgeEndurance(
	simulator: Simulator,
	{ checkpoints, closed, mixedUp, tallies }: Endurance,
): readonly Finding[] {
	const sum = (of: (tally: Endurance['tallies'][number]) => number): number =>
		tallies.reduce((total, tally) => total + of(tally), 0);
	const wronglyTold = tallies
		.flatMap(({ toldNotPlaced }) => toldNotPlaced)
		.filter((phoneNumber) => simulator.counters.placedByNumber.has(phoneNumber));
	const unanswered = tallies.at(-1)?.pending ?? 0;
	const answeredTwice = sum((tally) => tally.answeredTwice);
	const [early] = checkpoints;
	const late = checkpoints.at(-1);
	if (early === undefined || late === undefined) throw new Error('There was no checkpoint');
	const growth = (late.vitals.heapUsed - early.vitals.heapUsed) / 1e6;
	const more = moreThan(early.vitals.resources, late.vitals.resources);
	const left = [...closed.resources].filter(([name]) => /socket|tcp|tls/i.test(name));
	return [
		{
			promise: 'every message or item is answered exactly once',
			seen: `${count(sum((tally) => tally.given))} given, ${count(unanswered)} without an answer, ${count(answeredTwice)} with a second one`,
			kept: unanswered === 0 && answeredTwice === 0,
		},
		{
			promise: 'every call that is put out is the one that was asked for',
			seen: `${count(sum((tally) => tally.calls))} calls, ${count(mixedUp.length)} of another number`,
			kept: mixedUp.length === 0,
		},
		{
			promise: 'an error that says that no phone rings is right',
			seen: `${count(sum((tally) => tally.toldNotPlaced.length))} errors said so, ${count(wronglyTold.length)} wrongly`,
			kept: wronglyTold.length === 0,
		},
		{
			promise: 'memory does not grow',
			seen: `heap after collection: ${checkpoints.map(({ minute, vitals }) => `${megabytes(vitals.heapUsed)} at minute ${minute.toFixed(1)}`).join(', ')}`,
			kept: growth < HEAP_GROWTH_MB,
		},
		{
			promise: 'sockets and timers do not grow',
			seen: `${resourcesIn(early.vitals.resources)} at first, ${resourcesIn(late.vitals.resources)} at the end`,
			kept: more.length === 0,
		},
		{
			promise: 'nothing is left when the host has closed',
			seen:
				left.length === 0
					? 'no socket'
					: left.map(([name, n]) => `${String(n)} ${name}`).join(', '),
			kept: left.length === 0,
		},
	];
}

/** What only the provider's side can say of a time with faults. */
export function judgePlacing(simulator: Simulator): readonly Finding[] {
	const { counters } = simulator;
	const { moreOften, once } = placedByNumber(simulator, counters.placedByNumber.keys());
	return [
		{
			promise: 'no phone is called twice',
			seen: `${count(once)} numbers called once, ${count(moreOften)} more often, with ${count(counters.faults)} faults among ${count(counters.requests)} requests`,
			kept: moreOften === 0,
		},
	];
}

function moreThan(
	early: ReadonlyMap<string, number>,
	late: ReadonlyMap<string, number>,
): readonly string[] {
	return [...late].filter(([name, n]) => n > (early.get(name) ?? 0)).map(([name]) => name);
}

function resourcesIn(resources: ReadonlyMap<string, number>): string {
	const shown = [...resources].map(([name, n]) => `${String(n)} ${name}`);
	return shown.length === 0 ? 'nothing' : shown.join(', ');
}

/** What was found under one title. */
export interface Section {
	/** For the place in the page. */
	readonly name: string;
	readonly title: string;
	readonly findings: readonly Finding[];
	/** What else is worth knowing, one line each. */
	readonly notes: readonly string[];
}

/** A section in Markdown. */
export function shown({ title, findings, notes }: Section): string {
	const rows = findings.map(({ promise, seen, kept }) => [
		promise,
		seen,
		kept ? 'kept' : '**broken**',
	]);
	return [
		`**${title}**`,
		markdownTable(['promise', 'seen', ''], rows, 'left'),
		...notes.map((note) => `- ${note}`),
	].join('\n\n');
}

/** Puts what was found into docs/reliability.md. */
export async function writeReliabilityPage(sections: readonly Section[]): Promise<void> {
	const figures = Object.fromEntries(sections.map((section) => [section.name, shown(section)]));
	await writeFigures('reliability.md', {
		conditions: `On ${machine()}; simulator and hosts share the cores.`,
		...figures,
	});
}
