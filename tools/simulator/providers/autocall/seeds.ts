/** A campaign of the simulated account, with the fields that are documented. */
export interface Campaign {
	readonly campaign_uuid: string;
	readonly campaign_name: string;
	readonly type_autocall: 'autocall_voice_otp' | 'autocall_voice_tts' | 'autocall_audio';
	readonly active: boolean;
	readonly status: 'start' | 'stop' | 'pause';
	readonly template_name: string;
	/** Seconds. */
	readonly call_timeout: number;
	readonly recall_times: number;
	/** For each day of the week a start and an end, in nanoseconds since midnight; null: always. */
	readonly schedules: readonly Readonly<Record<string, number>>[] | null;
	/** Receives the CDR of every call of the campaign; '' for none. */
	readonly callback_url: string;
}

/** The campaign of the provider's own sample. */
export const SEED_CAMPAIGN_UUID = 'f77dfcf4-0759-4179-93cb-741f481a776e';
/** A stopped, a paused and an inactive campaign, and one that only calls on weekday mornings. */
export const STOPPED_CAMPAIGN_UUID = '00000000-0000-4000-8000-000000000001';
export const PAUSED_CAMPAIGN_UUID = '00000000-0000-4000-8000-000000000002';
export const INACTIVE_CAMPAIGN_UUID = '00000000-0000-4000-8000-000000000003';
const MORNING_CAMPAIGN_UUID = '00000000-0000-4000-8000-000000000004';

const HOUR_NS = 3_600_000_000_000;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const WEEKDAY_MORNINGS = Object.fromEntries(
	WEEKDAYS.flatMap((day) => [
		[`${day}_start_time`, 8 * HOUR_NS],
		[`${day}_end_time`, 12 * HOUR_NS],
	]),
);

const RUNNING: Campaign = {
	campaign_uuid: SEED_CAMPAIGN_UUID,
	campaign_name: 'VoiceOTP',
	type_autocall: 'autocall_voice_otp',
	active: true,
	status: 'start',
	template_name: 'otp_script_01',
	call_timeout: 60,
	recall_times: 0,
	schedules: null,
	callback_url: '',
};

// More than any likely page size, so that a list that stops after its first page is noticed.
const NUMBERED_CAMPAIGNS = 120;

/** The campaigns of the simulated account: running ones, and one of each kind that needs care. */
export const DEFAULT_CAMPAIGNS: readonly Campaign[] = [
	RUNNING,
	variant(STOPPED_CAMPAIGN_UUID, 'VoiceOTP Stopped', { status: 'stop' }),
	variant(PAUSED_CAMPAIGN_UUID, 'VoiceOTP Paused', { status: 'pause' }),
	variant(INACTIVE_CAMPAIGN_UUID, 'VoiceOTP Inactive', { active: false, status: 'stop' }),
	variant(MORNING_CAMPAIGN_UUID, 'VoiceOTP Mornings', { schedules: [WEEKDAY_MORNINGS] }),
	...Array.from({ length: NUMBERED_CAMPAIGNS }, (_, index) => numbered(index + 1)),
];

function variant(uuid: string, name: string, difference: Partial<Campaign>): Campaign {
	return { ...RUNNING, campaign_uuid: uuid, campaign_name: name, ...difference };
}

// Campaigns named VoiceOTP may carry autocall_voice_tts, so every other one does.
function numbered(n: number): Campaign {
	const digits = String(n).padStart(3, '0');
	return variant(`00000000-0000-4000-8000-000000001${digits}`, `VoiceOTP ${digits}`, {
		type_autocall: n % 2 === 0 ? 'autocall_voice_otp' : 'autocall_voice_tts',
	});
}

/** A script that reads the code, with the fields that are documented. */
export interface Template {
	readonly template_name: string;
	readonly template_uuid: string;
	readonly voice_type: 'tts' | 'audio_file';
	/** The text that is read; holds `{{code_otp}}`. */
	readonly content: string;
}

/** The template of the provider's own sample. */
export const SEED_TEMPLATE_NAME = 'otp_script_01';

// More than any likely page size, so that a list that stops after its first page is noticed.
const NUMBER_OF_TEMPLATES = 130;

/** The templates of the simulated account: `otp_script_01` to `otp_script_130`. */
export const DEFAULT_TEMPLATES: readonly Template[] = Array.from(
	{ length: NUMBER_OF_TEMPLATES },
	(_, index) => template(index + 1),
);

function template(n: number): Template {
	return {
		template_name: `otp_script_${String(n).padStart(2, '0')}`,
		template_uuid: `00000000-0000-4000-8000-000000002${String(n).padStart(3, '0')}`,
		voice_type: 'tts',
		content: 'Your code is {{code_otp}}. Once more, your code is {{code_otp}}.',
	};
}
