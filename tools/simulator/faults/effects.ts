import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type ApiAnswer, type CommonAnswers, jsonAnswer } from '../provider';
import type { Fault, FaultKind } from './fault';

/** A request that a fault befalls, after it has been read. */
export interface Victim {
	/** How the provider answers; undefined when the path is no provider's. */
	readonly answers: CommonAnswers | undefined;
	readonly response: ServerResponse;
	/** What the API would answer; places the call. */
	answer(): ApiAnswer;
	/** What the API has answered to the request of this kind before; undefined: this is the first. */
	former(): ApiAnswer | undefined;
	/** Sends an answer the usual way. */
	send(answer: ApiAnswer): void;
	/** Writes status and headers of an answer whose body follows by hand. */
	begin(status: number, headers: Readonly<Record<string, string>>): void;
	/** Resets the connection, so that the client sees ECONNRESET. */
	reset(): void;
}

const HTML: ApiAnswer = {
	status: 200,
	headers: { 'content-type': 'text/html; charset=utf-8' },
	body: '<!doctype html><html><body><h1>Welcome</h1></body></html>',
};
const UNPARSABLE: ApiAnswer = {
	status: 200,
	headers: { 'content-type': 'application/json' },
	body: '{"result":{"id":"69b9e312',
};
const WRONG_SHAPE: readonly unknown[] = [42, 'wrong shape'];
/** Faults with an answer of their own, which places a call only where the fault says so. */
const PLACES_ONLY_IF_TOLD: ReadonlySet<FaultKind> = new Set([
	'never-answer',
	'endless',
	'status',
	'html',
	'unparsable',
	'wrong-shape',
	'redirect',
]);
const ENDLESS_CHUNK = Buffer.alloc(16 * 1024, ' ');

/** Lets `fault` happen. */
export function inflict(fault: Fault, victim: Victim): void {
	if (PLACES_ONLY_IF_TOLD.has(fault.kind) && 'placesCall' in fault && fault.placesCall === true) {
		victim.answer();
	}
	switch (fault.kind) {
		case 'refuse':
		case 'reset-before-body':
		case 'reset-before-placing':
			return victim.reset();
		case 'reset-after-placing':
			victim.answer();
			return victim.reset();
		case 'delay':
			return sendLater(victim, victim.answer(), fault.ms);
		case 'late-record':
			return victim.send(victim.answer());
		case 'never-answer':
			return;
		case 'cut-off':
			return cutOff(victim, ownAnswer(victim, fault.placesCall));
		case 'slow-drip':
			return drip(victim, ownAnswer(victim, fault.placesCall), fault.bytes, fault.everyMs);
		case 'endless':
			return flood(victim);
		case 'status':
			return victim.send(statusAnswer(fault, victim.answers));
		case 'html':
			return victim.send(HTML);
		case 'unparsable':
			return victim.send(UNPARSABLE);
		case 'wrong-shape':
			return victim.send(jsonAnswer(200, fault.body ?? WRONG_SHAPE));
		case 'other-answer': {
			const former = victim.former();
			const own = victim.answer();
			return victim.send(former ?? own);
		}
		case 'second-answer':
			return answerTwice(victim, fault.afterMs);
		case 'redirect': {
			const { status = 302, location } = fault;
			return victim.send({ status, headers: { location }, body: '' });
		}
	}
}

function statusAnswer(
	{ status, retryAfter, body }: Extract<Fault, { kind: 'status' }>,
	answers: CommonAnswers | undefined,
): ApiAnswer {
	const answer = withBody(status, body) ?? answers?.withStatus(status) ?? plainStatus(status);
	const headers: Record<string, string> = { ...answer.headers };
	if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
	return { ...answer, headers };
}

function withBody(status: number, body: unknown): ApiAnswer | undefined {
	if (body === undefined) return undefined;
	if (typeof body !== 'string') return jsonAnswer(status, body);
	return { status, headers: { 'content-type': 'text/plain' }, body };
}

function plainStatus(status: number): ApiAnswer {
	return jsonAnswer(status, { message: STATUS_CODES[status] ?? 'Error' });
}

function ownAnswer(victim: Victim, placesCall = true): ApiAnswer {
	return placesCall ? victim.answer() : jsonAnswer(200, { message: 'success' });
}

function answerTwice(victim: Victim, afterMs = 2): void {
	const { response } = victim;
	const { socket } = response;
	const former = victim.former();
	const own = victim.answer();
	const { status, body } = former ?? own;
	const length = String(Buffer.byteLength(body));
	const head = `HTTP/1.1 ${String(status)} OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
	response.once('finish', () => {
		setTimeout(() => {
			if (socket?.writable === true) socket.write(head + body);
		}, afterMs);
	});
	victim.send(own);
}

function sendLater(victim: Victim, answer: ApiAnswer, ms: number): void {
	const timer = setTimeout(() => victim.send(answer), ms);
	victim.response.once('close', () => clearTimeout(timer));
}

function cutOff(victim: Victim, answer: ApiAnswer): void {
	const body = Buffer.from(answer.body);
	// At least one byte is announced, so that even an empty answer is cut off.
	const announced = Math.max(1, body.length);
	victim.begin(answer.status, { ...answer.headers, 'content-length': String(announced) });
	victim.response.flushHeaders();
	victim.response.write(body.subarray(0, body.length >> 1), () => {
		victim.response.socket?.destroySoon();
	});
}

function drip(victim: Victim, answer: ApiAnswer, bytes = 1, everyMs = 100): void {
	const body = Buffer.from(answer.body);
	const { response } = victim;
	victim.begin(answer.status, { ...answer.headers, 'content-length': String(body.length) });
	response.flushHeaders();
	let sent = 0;
	const timer = setInterval(() => {
		response.write(body.subarray(sent, sent + bytes));
		sent += bytes;
		if (sent < body.length) return;
		clearInterval(timer);
		response.end();
	}, everyMs);
	response.once('close', () => clearInterval(timer));
}

function flood(victim: Victim): void {
	const { response } = victim;
	victim.begin(200, { 'content-type': 'application/json' });
	const write = (): void => {
		if (response.destroyed) return;
		// One chunk at a time, and a turn of the event loop between: other connections are served too.
		if (response.write(ENDLESS_CHUNK)) setImmediate(write);
		else response.once('drain', () => setImmediate(write));
	};
	write();
}
