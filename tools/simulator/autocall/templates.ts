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
