import { request as startRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';

import type { Clock, Exchange, OutgoingRequest, Transport } from '../../calls/transport';
import { neverLeft } from '../../calls/transport';
import type { Simulator } from '../../tools/simulator';

const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';

const failed = (code: string): Exchange => ({
	is: neverLeft(code) ? 'not-sent' : 'answer-lost',
	code,
});

function send(request: OutgoingRequest, signal: AbortSignal): Promise<Exchange> {
	return new Promise((resolve) => {
		const { method, headers, body, longestAnswer } = request;
		const sent = startRequest(request.url, { method, headers, signal, agent: false }, (answer) => {
			const chunks: Buffer[] = [];
			let length = 0;
			answer.on('data', (chunk: Buffer) => {
				chunks.push(chunk);
				length += chunk.length;
				if (length <= longestAnswer) return;
				resolve({ is: 'answer-lost', code: 'ANSWER_TOO_LONG' });
				sent.destroy();
			});
			answer.on('end', () => {
				resolve({
					is: 'answered',
					status: answer.statusCode ?? 0,
					headers: Object.fromEntries(
						Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
					),
					text: Buffer.concat(chunks).toString('utf8'),
				});
			});
			answer.on('error', (error) => {
				resolve(failed(codeOf(error)));
			});
		});
		sent.on('error', (error) => {
			resolve(failed(signal.aborted ? 'ECONNABORTED' : codeOf(error)));
		});
		sent.end(body ?? undefined);
	});
}

/** The plainest transport: a connection for each request. */
export const wire: Transport = async (request) => {
	const limit = AbortSignal.timeout(request.timeout);
	return await send(request, request.signal ? AbortSignal.any([limit, request.signal]) : limit);
};

/** Real time, for a wait that the simulator's own must not end. */
export const wallClock: Clock = {
	now: () => Date.now(),
	sleep: async (milliseconds, signal) => {
		await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
	},
	random: () => 0.5,
};

/** The simulator's own time: a sleep of ours moves its calls on. */
export const clockOf = ({ clock }: Simulator): Clock => ({
	now: () => clock.now(),
	sleep: async (milliseconds) => {
		await clock.advance(milliseconds);
	},
	random: () => 0.5,
});
