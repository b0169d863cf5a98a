import { type ServerResponse, STATUS_CODES } from 'node:http';
import { AUTOCALL_UNAUTHORIZED } from '../autocall/answers';
import { BITEL_UNAUTHORIZED } from '../bitel/answers';
import { type ApiAnswer, type Provider, jsonAnswer } from '../http/endpoint';
import type { Fault } from './fault';

/** A request that a fault befalls, after it has been read. */
export interface Victim {
	readonly provider: Provider | undefined;
	readonly response: ServerResponse;
	/** What the API would answer; places the call. */
	answer(): ApiAnswer;
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
const ENDLESS_CHUNK = Buffer.alloc(16 * 1024, ' ');

/** Lets `fault` happen. */
export function inflict(fault: Fault, victim: Victim): void {
	switch (fault.kind) {
		case 'delay':
			return sendLater(victim, victim.answer(), fault.ms);
		case 'late-record':
			return victim.send(victim.answer());
		case 'reset-after-placing':
			victim.answer();
			return victim.reset();
		case 'cut-off':
			return cutOff(victim, ownAnswer(victim, fault.placesCall ?? true));
		case 'slow-drip':
			return drip(
				victim,
				ownAnswer(victim, fault.placesCall ?? true),
				fault.bytes ?? 1,
				fault.everyMs ?? 100,
			);
		case 'refuse':
		case 'reset-before-body':
		case 'reset-before-placing':
			return victim.reset();
		case 'never-answer':
		case 'endless':
		case 'status':
		case 'html':
		case 'unparsable':
		case 'wrong-shape':
		case 'redirect':
			if (fault.placesCall === true) victim.answer();
			return answerWrongly(fault, victim);
	}
}

type WrongAnswer = Extract<
	Fault,
	{
		kind:
			| 'never-answer'
			| 'endless'
			| 'status'
			| 'html'
			| 'unparsable'
			| 'wrong-shape'
			| 'redirect';
	}
>;

function answerWrongly(fault: WrongAnswer, victim: Victim): void {
	switch (fault.kind) {
		case 'never-answer':
			return;
		case 'endless':
			return flood(victim);
		case 'status':
			return victim.send(statusAnswer(fault, victim.provider));
		case 'html':
			return victim.send(HTML);
		case 'unparsable':
			return victim.send(UNPARSABLE);
		case 'wrong-shape':
			return victim.send(jsonAnswer(200, fault.body ?? WRONG_SHAPE));
		case 'redirect':
			return victim.send({
				status: fault.status ?? 302,
				headers: { location: fault.location },
				body: '',
			});
	}
}

function statusAnswer(
	fault: Extract<Fault, { kind: 'status' }>,
	provider: Provider | undefined,
): ApiAnswer {
	const answer = statusBody(fault, provider);
	const headers: Record<string, string> = { ...answer.headers };
	if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
	return { ...answer, headers };
}

// Bitel documents no body for these answers, so it has none.
function statusBody(
	{ status, body }: Extract<Fault, { kind: 'status' }>,
	provider: Provider | undefined,
): ApiAnswer {
	if (typeof body === 'string') return { status, headers: { 'content-type': 'text/plain' }, body };
	if (body !== undefined) return jsonAnswer(status, body);
	if (provider === 'bitel') return { ...BITEL_UNAUTHORIZED, status };
	if (status === 401) return AUTOCALL_UNAUTHORIZED;
	return jsonAnswer(status, { message: STATUS_CODES[status] ?? 'Error' });
}

function ownAnswer(victim: Victim, placesCall: boolean): ApiAnswer {
	return placesCall ? victim.answer() : jsonAnswer(200, { message: 'success' });
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

function drip(victim: Victim, answer: ApiAnswer, bytes: number, everyMs: number): void {
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
