// The visitor's phone: it rings, and speaks the code.
import { byId, clockTime, element, fill, set } from './elements';
import type { Call } from './messages';
import type { ProviderChoice } from './words';

/** How the simulator's calls go, in milliseconds: for a provider that tells nothing before the end. */
const ringsAfterMs = 1_000;
const answersAfterMs = 3_000;
const betweenDigitsMs = 550;

type State = 'idle' | 'waiting' | 'ringing' | 'talking' | 'ended';

const sound = byId('sound', HTMLInputElement);

/** Persian and Vietnamese voices are asked for the digits in their own language. */
function speak(code: string, language: string): void {
	if (!sound.checked || !('speechSynthesis' in window)) return;
	const voice = speechSynthesis
		.getVoices()
		.find(({ lang }) => lang.replace('_', '-').startsWith(language.slice(0, 2)));
	const said = new SpeechSynthesisUtterance([...code].join(', '));
	said.lang = voice?.lang ?? 'en-US';
	if (voice !== undefined) said.voice = voice;
	said.rate = 0.8;
	speechSynthesis.speak(said);
}

/** One phone; a call that begins ends what the one before has left. */
export class Handset {
	#timers: ReturnType<typeof setTimeout>[] = [];
	#code = '';
	#state: State = 'idle';
	#provider: ProviderChoice | null = null;

	constructor() {
		const tick = (): void => set('device-clock', clockTime(Date.now()).slice(0, 5));
		tick();
		setInterval(tick, 10_000);
	}

	/** A call to this phone has been asked for. */
	begin(provider: ProviderChoice, phoneNumber: string): void {
		this.#clear();
		this.#provider = provider;
		this.#code = '';
		this.#show('waiting', `${phoneNumber}: no call yet`);
	}

	/** What the voice is going to say. */
	hear(code: string): void {
		this.#code = code;
	}

	/** What the provider has told of the call. */
	follow(call: Call, phoneNumber: string): void {
		if (this.#provider?.tellsRinging === false && call.status === 'queued') {
			this.#goByTheClock(phoneNumber);
			return;
		}
		if (call.status === 'ringing') this.#show('ringing', 'Incoming call');
		else if (call.status === 'in-progress') this.#talk();
		else if (call.final)
			this.end(call.answered === true ? 'Call ended' : `Call ended: ${call.reason ?? call.status}`);
	}

	/** Nothing will be told any more, and the phone may have rung. */
	end(text: string): void {
		if (this.#state === 'talking')
			this.#timers.push(setTimeout(() => this.#show('ended', text), betweenDigitsMs));
		else this.#show('ended', text);
	}

	#goByTheClock(phoneNumber: string): void {
		const [, ending] =
			this.#provider?.endings.find(([digits]) => phoneNumber.endsWith(digits)) ?? [];
		if (ending !== undefined && !['answered', 'no answer', 'machine', 'declined'].includes(ending))
			return;
		this.#timers.push(setTimeout(() => this.#show('ringing', 'Incoming call'), ringsAfterMs));
		if (ending !== undefined && ending !== 'answered') return;
		this.#timers.push(setTimeout(() => this.#talk(), answersAfterMs));
	}

	#talk(): void {
		if (this.#state === 'talking') return;
		this.#show('talking', 'In call');
		set('said', 'Your code is');
		speak(this.#code, this.#provider?.language ?? 'en');
		const digits = [...this.#code];
		fill(
			'digits',
			digits.map(() => element('span', '–')),
		);
		for (const [at, digit] of digits.entries()) {
			this.#timers.push(
				setTimeout(
					() => {
						const place = byId('digits', HTMLElement).children[at];
						if (place !== undefined) place.textContent = digit;
					},
					betweenDigitsMs * (at + 0.5),
				),
			);
		}
	}

	#show(state: State, text: string): void {
		this.#state = state;
		byId('device', HTMLElement).dataset['state'] = state;
		set('device-state', text);
		if (state === 'waiting' || state === 'ringing') {
			fill('digits', []);
			set('said', '');
		}
	}

	#clear(): void {
		for (const timer of this.#timers) clearTimeout(timer);
		this.#timers = [];
		if ('speechSynthesis' in window) speechSynthesis.cancel();
	}
}
