// The page sends an order over a WebSocket and hears of every change of its call over the same one.
const simulatorIsOn = document.body.dataset.simulator !== 'off';

const toTheEnd = [
	['11', 'answered'],
	['01', 'busy'],
	['02', 'no answer'],
	['03', 'declined'],
	['04', 'unreachable'],
	['05', 'machine'],
	['06', 'failed'],
];
const whenSent = [
	['07', 'refused'],
	['08', 'rate limited'],
	['09', 'outcome unknown'],
];

const providers = [
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
	},
	{
		name: 'sandbox',
		label: 'Sandbox',
		about: 'No account needed',
		simulated: false,
		number: '09121234511',
		endings: [...toTheEnd, ...whenSent],
		code: 'up to 32 letters and digits',
		digits: 6,
		note: 'The sandbox is part of the nodes: it calls nobody and needs no server.',
	},
];

const stages = {
	sending: { rank: 0, headline: 'Sending …', text: 'The order is on its way to the provider.' },
	queued: { rank: 1, headline: 'Queued', text: 'The provider has the call and dials in a moment.' },
	ringing: { rank: 2, headline: 'Ringing', text: 'The phone rings.' },
	'in-progress': {
		rank: 3,
		headline: 'Answered',
		text: 'A voice reads the code aloud.',
		tone: 'good',
	},
	completed: {
		rank: 4,
		headline: 'Completed',
		text: 'The call was answered and has ended.',
		tone: 'good',
	},
	busy: { rank: 4, headline: 'Busy', text: 'The line was busy.', tone: 'warn' },
	'no-answer': { rank: 4, headline: 'No answer', text: 'Nobody picked up.', tone: 'warn' },
	canceled: { rank: 4, headline: 'Canceled', text: 'The call was canceled.', tone: 'warn' },
	failed: { rank: 4, headline: 'Failed', text: 'The call could not be made.', tone: 'bad' },
	unknown: {
		rank: 4,
		headline: 'Unknown',
		text: 'The provider does not say how it ended.',
		tone: 'warn',
	},
};
const reasons = {
	declined: 'The person declined the call.',
	unreachable: 'The phone is switched off or out of reach.',
	machine: 'An answering machine took the call: no proof that the person heard the code.',
};
const steps = ['queued', 'ringing', 'in-progress', 'ended'];
const stepNames = {
	queued: 'Queued',
	ringing: 'Ringing',
	'in-progress': 'Answered',
	ended: 'Ended',
};
const rankOf = (status) => stages[status]?.rank ?? 0;

const $ = (id) => document.getElementById(id);
const element = (tag, text, attributes = {}) => {
	const made = document.createElement(tag);
	made.textContent = text;
	for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
	return made;
};
const clockTime = (time) => new Date(time).toLocaleTimeString([], { hour12: false });

let provider = providers.find((each) => simulatorIsOn || !each.simulated);
let current = null;
const placed = [];

// ---- the form

function showEndings() {
	$('endings').replaceChildren(
		...provider.endings.map(([ending, name]) => {
			const number = provider.number.slice(0, -2) + ending;
			const button = element('button', `${ending} ${name}`, { type: 'button', title: number });
			button.setAttribute('aria-pressed', String($('phone-number').value === number));
			button.onclick = () => {
				$('phone-number').value = number;
				showEndings();
			};
			return button;
		}),
	);
}

function newCode() {
	const digits = crypto.getRandomValues(new Uint32Array(provider.digits));
	$('code').value = Array.from(digits, (digit) => digit % 10).join('');
}

function choose(chosen) {
	provider = chosen;
	$('phone-number').value = provider.number;
	$('number-hint').textContent = 'The last two digits choose how the call goes:';
	$('code-hint').textContent = `For ${provider.label}: ${provider.code}`;
	showEndings();
	newCode();
}

function showProviders() {
	$('providers').replaceChildren(
		...providers.map((each) => {
			const off = each.simulated && !simulatorIsOn;
			const input = element('input', '', { type: 'radio', name: 'provider', value: each.name });
			input.checked = each === provider;
			input.disabled = off;
			input.onchange = () => choose(each);
			const label = element('label', '', { class: 'choice' });
			label.append(input, each.label, element('small', off ? 'simulator is off' : each.about));
			return label;
		}),
	);
	if (simulatorIsOn) return;
	$('notice').textContent =
		'The simulator is off (--no-simulator), so Bitel and Autocall cannot be called from here. The sandbox works without it.';
	$('notice').hidden = false;
}

// ---- the call

function showList(entries) {
	const known = entries.filter(([, value]) => value !== null && value !== undefined);
	$('facts').replaceChildren(
		...known.flatMap(([name, value]) => [element('dt', name), element('dd', value)]),
	);
}

function showFacts(call) {
	showList([
		['Provider', call.provider],
		['Phone number', call.phoneNumber],
		['Call ID', call.callId],
		['Status', call.reason ? `${call.status} (${call.reason})` : call.status],
		['Answered', { true: 'yes', false: 'no' }[call.answered] ?? 'not known'],
		['Billed', call.billedSeconds === null ? null : `${call.billedSeconds} s`],
		['Cost', call.cost && `${call.cost.amount} ${call.cost.currency}`],
	]);
}

function showSteps(tone) {
	$('steps').className = `steps ${tone ? `tone-${tone}` : ''}`;
	$('steps').replaceChildren(
		...steps.map((step) => {
			const time = current.times[step];
			const item = element('li', stepNames[step], time ? { class: 'reached' } : {});
			if (time) item.append(element('time', clockTime(time)));
			return item;
		}),
	);
}

function showHistory() {
	$('history').hidden = placed.length === 0;
	$('calls').replaceChildren(
		...placed.slice(0, 8).map(({ time, order, call, error }) => {
			const row = document.createElement('tr');
			const tone = error ? 'bad' : stages[call?.status]?.tone;
			const result = element('td', error?.code ?? call?.status ?? 'sending', {
				class: `result tone-${tone}`,
			});
			const answered = { true: 'yes', false: 'no' }[call?.answered] ?? '';
			const cells = [clockTime(time), order.provider, order.phoneNumber].map((text) =>
				element('td', text),
			);
			row.append(...cells, result, element('td', answered));
			return row;
		}),
	);
}

function show({ status, headline, text, tone }) {
	$('phone').dataset.status = status;
	$('headline').textContent = headline;
	$('explanation').textContent = text;
	showSteps(tone);
	showHistory();
	$('call').disabled = !current.over;
	$('call').textContent = current.over ? 'Call' : 'Calling …';
}

function showCall(call) {
	const now = Date.now();
	const known = current.call;
	// Events and look-ups arrive on two ways: what is older than what is known is dropped.
	if (known && (known.final || rankOf(call.status) < rankOf(known.status))) return;
	current.call = call;
	current.over = call.final;
	const step = call.final ? 'ended' : call.status;
	current.times[step] ??= now;
	if (call.final && call.answered) current.times['in-progress'] ??= now;
	const stage = stages[call.status] ?? stages.unknown;
	const waits = call.status === 'queued' && current.order.provider !== 'sandbox';
	const text = reasons[call.reason] ?? (waits ? `${stage.text} ${provider.note}` : stage.text);
	show({ ...stage, status: call.status, text });
	showFacts(call);
}

function showError(error) {
	current.over = true;
	current.error = error;
	const kind = error.code ?? 'error';
	const headline = kind[0].toUpperCase() + kind.slice(1).replaceAll('-', ' ');
	show({ status: 'error', headline, text: `${error.message}.`, tone: 'bad' });
	$('steps').replaceChildren();
	showList([
		['What to do', error.remedy && `${error.remedy}.`],
		['Error', kind],
	]);
}

// ---- the line to the flow

const connectionLost = {
	code: 'connection lost',
	message: 'Node-RED does not answer',
	remedy: 'Is the demo still running? Start it with npm start, then call again.',
};
let socket = null;

function connect() {
	socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/demo/live`);
	socket.onmessage = ({ data }) => {
		const { order, call, event, error } = JSON.parse(data);
		if (current === null || current.over) return;
		if (event && event.callId === current.call?.callId) showCall(event);
		if (order !== current.order.order) return;
		if (error) showError(error);
		else if (call) showCall(call);
	};
	socket.onclose = () => {
		if (current !== null && !current.over) showError(connectionLost);
		setTimeout(connect, 1000);
	};
}

$('form').onsubmit = (submitted) => {
	submitted.preventDefault();
	if (current !== null && !current.over) return;
	const order = {
		order: crypto.randomUUID(),
		provider: provider.name,
		phoneNumber: $('phone-number').value,
		code: $('code').value,
	};
	current = { order, time: Date.now(), times: {}, call: null, error: null, over: false };
	placed.unshift(current);
	$('facts').replaceChildren();
	show({ ...stages.sending, status: 'sending' });
	if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(order));
	else showError(connectionLost);
};
$('new-code').onclick = newCode;
$('phone-number').oninput = showEndings;

showProviders();
choose(provider);
connect();
