// What the page says: the providers, how a call can be made to end, and what each status means.

/** How the page draws what happened. */
export type Tone = 'good' | 'warn' | 'bad';

/** A number's last two digits, and how a call to it goes. */
type Ending = readonly [digits: string, name: string];

/** A provider as the form offers it. */
export interface ProviderChoice {
	readonly name: string;
	readonly label: string;
	readonly about: string;
	/** Whether it needs the simulator. */
	readonly simulated: boolean;
	readonly number: string;
	readonly endings: readonly Ending[];
	/** Which codes it reads. */
	readonly code: string;
	/** How many digits a new code has. */
	readonly digits: number;
	readonly note: string;
	/** False: the provider tells nothing between the order and the end. */
	readonly tellsRinging: boolean;
	/** The language that its callers speak, BCP 47. */
	readonly language: string;
}

const toTheEnd: readonly Ending[] = [
	['11', 'answered'],
	['01', 'busy'],
	['02', 'no answer'],
	['03', 'declined'],
	['04', 'unreachable'],
	['05', 'machine'],
	['06', 'failed'],
];
const whenSent: readonly Ending[] = [
	['07', 'refused'],
	['08', 'rate limited'],
	['09', 'outcome unknown'],
];

const sandbox: ProviderChoice = {
	name: 'sandbox',
	label: 'Sandbox',
	about: 'No account needed',
	simulated: false,
	number: '09121234511',
	endings: [...toTheEnd, ...whenSent],
	code: 'up to 32 letters and digits',
	digits: 6,
	note: 'The sandbox is part of the nodes: it calls nobody and needs no server.',
	tellsRinging: true,
	language: 'en',
};

export const providers: readonly ProviderChoice[] = [
	{
		name: 'bitel',
		label: 'Bitel',
		about: 'Iran, simulated',
		simulated: true,
		number: '09121234511',
		endings: toTheEnd,
		code: '1 to 5 digits',
		digits: 5,
		note: 'Bitel tells only that a call is queued and how it ended, not that it rings.',
		tellsRinging: false,
		language: 'fa',
	},
	{
		name: 'autocall',
		label: 'Autocall',
		about: 'Vietnam, simulated',
		simulated: true,
		number: '0332665711',
		endings: toTheEnd,
		code: 'up to 32 letters and digits',
		digits: 6,
		note: 'Autocall tells of ringing and answering by events: the flow has a node that receives them.',
		tellsRinging: true,
		language: 'vi',
	},
	sandbox,
];

/** The provider that the form shows first. */
export const firstChoice = (simulatorIsOn: boolean): ProviderChoice =>
	providers.find(({ simulated }) => simulatorIsOn || !simulated) ?? sandbox;

/** What the visitor's page says while the phone rings. */
const progress: ReadonlyMap<string, string> = new Map([
	['queued', 'We are calling you …'],
	['ringing', 'Your phone rings: pick up.'],
	['in-progress', 'Listen to the code, and type it here.'],
	['completed', 'Type the code that you have heard.'],
	['busy', 'Your phone was busy.'],
	['no-answer', 'You did not pick up.'],
	['canceled', 'The call was ended.'],
	['failed', 'The call did not reach your phone.'],
]);

/** How the call goes, as the visitor's page says it. */
export function progressOf(status: string, reason: string | null): string {
	if (reason === 'machine') return 'An answering machine took the call.';
	return progress.get(status) ?? 'If your phone rings, type what you hear.';
}

/** What the visitor's page says of a code that is not right. A real page says the same for all of them to strangers. */
export function verdictOf(reason: string | null, attemptsLeft: number | null): string {
	if (reason === 'wrong-code') {
		const left =
			attemptsLeft === null ? '' : ` ${attemptsLeft} ${attemptsLeft === 1 ? 'try' : 'tries'} left.`;
		return `That is not the code.${left}`;
	}
	if (reason === 'expired') return 'The code is too old. Have a new one read to you.';
	if (reason === 'too-many-attempts') return 'Too many tries. Have a new code read to you.';
	if (reason === 'already-used') return 'This code has been used. Have a new one read to you.';
	return 'That is not the code. Have a new one read to you.';
}

/** A status in words. A status of a higher rank comes later in the life of a call. */
export interface Stage {
	readonly rank: number;
	readonly headline: string;
	readonly text: string;
	readonly tone?: Tone;
}

export const sending: Stage = {
	rank: 0,
	headline: 'Sending …',
	text: 'The order is on its way to the provider.',
};

const unknown: Stage = {
	rank: 4,
	headline: 'Unknown',
	text: 'The provider does not say how it ended.',
	tone: 'warn',
};

const stages: ReadonlyMap<string, Stage> = new Map<string, Stage>([
	[
		'queued',
		{ rank: 1, headline: 'Queued', text: 'The provider has the call and dials in a moment.' },
	],
	['ringing', { rank: 2, headline: 'Ringing', text: 'The phone rings.' }],
	[
		'in-progress',
		{ rank: 3, headline: 'Answered', text: 'A voice reads the code aloud.', tone: 'good' },
	],
	[
		'completed',
		{
			rank: 4,
			headline: 'Completed',
			text: 'The call was answered and has ended.',
			tone: 'good',
		},
	],
	['busy', { rank: 4, headline: 'Busy', text: 'The phone was busy.', tone: 'warn' }],
	['no-answer', { rank: 4, headline: 'No answer', text: 'Nobody picked up.', tone: 'warn' }],
	['canceled', { rank: 4, headline: 'Canceled', text: 'The call was canceled.', tone: 'warn' }],
	['failed', { rank: 4, headline: 'Failed', text: 'The call could not be made.', tone: 'bad' }],
]);

export const stageOf = (status: string): Stage => stages.get(status) ?? unknown;

/** What a reason means that says more than the status; undefined for any other. */
export const explained = (reason: string | null): string | undefined =>
	reason === null ? undefined : reasons.get(reason);

const reasons: ReadonlyMap<string, string> = new Map([
	['declined', 'The person declined the call.'],
	['unreachable', 'The phone is switched off or out of reach.'],
	['machine', 'An answering machine took the call: no proof that the person heard the code.'],
]);

/** The steps of a call that reaches its end. */
export const steps = ['queued', 'ringing', 'in-progress', 'ended'] as const;
export type Step = (typeof steps)[number];
export const stepNames: Readonly<Record<Step, string>> = {
	queued: 'Queued',
	ringing: 'Ringing',
	'in-progress': 'Answered',
	ended: 'Ended',
};
export const isStep = (status: string): status is Step => steps.some((step) => step === status);
