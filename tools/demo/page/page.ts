// The page sends orders over a WebSocket, and hears of every change of its own calls over the same one.
import { byId, element, fill, set } from './elements';
import { type Failure, type Order, legible, readAnswer } from './messages';
import { SignUp } from './signup';
import { Tracker } from './tracker';
import { type ProviderChoice, firstChoice, providers } from './words';

const RECONNECT_MS = 1_000;

const simulatorIsOn = document.body.dataset['simulator'] !== 'off';

const connectionLost: Failure = {
	code: 'connection lost',
	message: 'Node-RED does not answer',
	remedy: 'Is the demo still running? Start it with npm start, then call again',
	verification: '',
	callMayHaveBeenPlaced: false,
};

let socket: WebSocket | null = null;

function send(order: Order): boolean {
	if (socket?.readyState === WebSocket.OPEN) {
		socket.send(JSON.stringify(order));
		return true;
	}
	lose();
	return false;
}

const chosen = firstChoice(simulatorIsOn);
const signUp = new SignUp(chosen, send);
const tracker = new Tracker(chosen, send);

function lose(): void {
	signUp.lose(connectionLost);
	tracker.lose(connectionLost);
}

function connect(): void {
	const opened = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/demo/live`);
	opened.onmessage = ({ data }: MessageEvent<unknown>) => {
		const answer = readAnswer(data);
		if (answer === null) return;
		signUp.take(answer, legible(data));
		tracker.take(answer);
	};
	opened.onclose = () => {
		lose();
		setTimeout(connect, RECONNECT_MS);
	};
	socket = opened;
}

function showProviders(): void {
	const choose = (provider: ProviderChoice): void => {
		signUp.choose(provider);
		tracker.choose(provider);
	};
	const choices = providers.map((each) => {
		const off = each.simulated && !simulatorIsOn;
		const input = element('input', '', { type: 'radio', name: 'provider', value: each.name });
		input.checked = each === chosen;
		input.disabled = off;
		input.onchange = () => choose(each);
		const label = element('label', '', { class: 'choice' });
		label.append(input, each.label, element('small', off ? 'simulator is off' : each.about));
		return label;
	});
	fill('providers', choices);
	if (simulatorIsOn) return;
	set(
		'notice',
		'The simulator is off (--no-simulator), so only the sandbox can be called from here. It works without it.',
	);
	byId('notice', HTMLElement).hidden = false;
}

// ---- the two tabs

const tabs = ['signup', 'tracker'] as const;

function open(tab: (typeof tabs)[number]): void {
	for (const each of tabs) {
		const button = byId(`tab-${each}`, HTMLButtonElement);
		button.setAttribute('aria-selected', String(each === tab));
		button.tabIndex = each === tab ? 0 : -1;
		byId(each, HTMLElement).hidden = each !== tab;
	}
	history.replaceState(null, '', tab === 'signup' ? location.pathname : '#tracker');
}

for (const [at, each] of tabs.entries()) {
	const button = byId(`tab-${each}`, HTMLButtonElement);
	button.onclick = () => open(each);
	button.onkeydown = ({ key }) => {
		if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
		const other = tabs[1 - at] ?? each;
		open(other);
		byId(`tab-${other}`, HTMLButtonElement).focus();
	};
}

showProviders();
open(location.hash === '#tracker' ? 'tracker' : 'signup');
connect();
