/** A lookup that the documents allow. */
export interface Wanted {
	readonly receptor: string;
	/** The digits that are read out. */
	readonly token: string;
}

/** The only template of the simulated account that has been approved. */
export const KAVENEGAR_TEMPLATE = 'simulator-verify';

const NEEDED = ['receptor', 'token', 'template'] as const;
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
	...NEEDED,
	'token2',
	'token3',
	'token10',
	'token20',
	'type',
]);
/** A mobile or a landline of Iran, as the documents write their receptors. */
const RECEPTOR = /^0[1-9]\d{9}$/;

/** Reads the form of a lookup by call; a refusal is its number in the documented table. */
export function readLookup(form: URLSearchParams | undefined): Wanted | number {
	if (form === undefined) return 400;
	if ([...form.keys()].some((field) => !KNOWN_FIELDS.has(field))) return 400;
	// Without it, or with `sms`, a text message would be sent, which this simulator does not do.
	if (form.get('type') !== 'call') return 400;
	const [receptor = '', token = '', template = ''] = NEEDED.map((field) => form.get(field) ?? '');
	if (receptor === '' || token === '' || template === '') return 406;
	if (!RECEPTOR.test(receptor)) return 411;
	if (template !== KAVENEGAR_TEMPLATE) return 424;
	if (/\s/.test(token)) return 431;
	return /^\d+$/.test(token) ? { receptor, token } : 428;
}
