// npm run soak: many calls at once, then a long time with faults, and what became of every call.
import { type Simulator, startSimulator } from '../simulator/index';
import { UsageError, readNumber, readOptions, runTool } from '../commandLine';
import { type Endurance, endure, switchOnFaults } from './soak/endurance';
import {
	type Section,
	judgeEndurance,
	judgeLoad,
	judgePlacing,
	shown,
	writeReliabilityPage,
} from './soak/findings';
import { type Load, runLoad } from './soak/load';

const USAGE = `Usage: npm run soak -- [options]

  --minutes <number>     how long the traffic with faults runs; default: 10
  --calls <number>       how many calls are asked for at once; default: 10000
  --per-second <number>  calls per second of the traffic, in each host; default: 20
  --faults <number>      share of requests that a fault strikes; default: 0.05
  --only <word>          load or endurance
  --write                write docs/reliability.md
`;

/** More than are under way at a time, so that a look-up always finds its call. */
const CALLS_REMEMBERED = 20_000;
const CALL_TIMINGS = { queuedMs: 200, ringsMs: 800, talksMs: 4_000, retryGapMs: 500 };
/** A million orders, at the least, for each host. */
const FIRST_ORDER = { 'node-red': 0, n8n: 1_000_000 };

interface Options {
	readonly minutes: number;
	readonly calls: number;
	readonly perSecond: number;
	readonly faults: number;
}

void runTool(USAGE, async () => {
	const values = readOptions({
		minutes: { type: 'string', default: '10' },
		calls: { type: 'string', default: '10000' },
		'per-second': { type: 'string', default: '20' },
		faults: { type: 'string', default: '0.05' },
		only: { type: 'string', default: '' },
		write: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	});
	if (values.help) return void process.stdout.write(USAGE);
	if (!['', 'load', 'endurance'].includes(values.only)) {
		throw new UsageError(`--only must be load or endurance, not "${values.only}"`);
	}
	const options: Options = {
		minutes: readNumber('minutes', values.minutes, { least: 0.1 }),
		calls: readNumber('calls', values.calls, { least: 1, whole: true }),
		perSecond: readNumber('per-second', values['per-second'], { least: 0.1 }),
		faults: readNumber('faults', values.faults, { least: 0, most: 1 }),
	};
	const simulator = await startSimulator({ recordLimit: 0, callLimit: CALLS_REMEMBERED });
	const sections: Section[] = [];
	try {
		if (values.only !== 'endurance') sections.push(...(await loads(simulator, options)));
		if (values.only !== 'load') sections.push(...(await endurances(simulator, options)));
	} finally {
		await simulator.close();
	}
	if (values.write) await writeReliabilityPage(sections);
	const isBroken = sections.some(({ findings }) => findings.some(({ kept }) => !kept));
	if (isBroken) process.exitCode = 1;
});

async function loads(simulator: Simulator, { calls }: Options): Promise<readonly Section[]> {
	const sections: Section[] = [];
	for (const host of ['Node-RED', 'n8n'] as const) {
		const load = await runLoad(simulator, host, calls);
		sections.push(tell(sectionOfLoad(load)));
	}
	return sections;
}

async function endurances(simulator: Simulator, options: Options): Promise<readonly Section[]> {
	const { faults, minutes, perSecond } = options;
	simulator.reset();
	simulator.change(CALL_TIMINGS);
	switchOnFaults(simulator, faults);
	const endured = await Promise.all(
		(['node-red', 'n8n'] as const).map((host) =>
			endure(simulator, host, minutes, perSecond, FIRST_ORDER[host]),
		),
	);
	return [
		...endured.map((each) => tell(sectionOfEndurance(simulator, each))),
		tell({
			name: 'placing',
			title: 'Both hosts, as the provider saw it',
			findings: judgePlacing(simulator),
			notes: [],
		}),
	];
}

function sectionOfLoad(load: Load): Section {
	const { calls, connections, figures, host } = load;
	return {
		name: `load-${host}`,
		title: `${host}: ${calls.toLocaleString('en-US')} ${host === 'n8n' ? 'items' : 'messages'} at once`,
		findings: judgeLoad(load),
		notes: [
			`All were answered after ${figures.seconds.toFixed(1)} s, over at most ${String(connections)} connections; the longest stall of the event loop took ${figures.longestStallMs.toFixed(0)} ms.`,
		],
	};
}

function sectionOfEndurance(simulator: Simulator, endured: Endurance): Section {
	const kinds = new Map<string, number>();
	for (const { errors } of endured.tallies) {
		for (const [kind, n] of errors) kinds.set(kind, (kinds.get(kind) ?? 0) + n);
	}
	const errors = [...kinds].map(([kind, n]) => `${String(n)} ${kind}`).join(', ');
	const calls = endured.tallies.reduce((total, tally) => total + tally.calls, 0);
	return {
		name: `endurance-${endured.host}`,
		title: `${endured.host}: ${String(endured.minutes)} minutes of traffic with faults`,
		findings: judgeEndurance(simulator, endured),
		notes: [
			`${calls.toLocaleString('en-US')} calls were put out. Errors: ${errors === '' ? 'none' : errors}.`,
		],
	};
}

function tell(section: Section): Section {
	console.log(`${shown(section)}\n`);
	return section;
}
