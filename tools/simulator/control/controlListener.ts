import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseJson } from '../json';
import { readBody } from '../http/requestBody';
import type { Simulator } from '../simulator';
import { CONTROLS, type Control } from './controls';

/** Everything below this path steers the simulator; such requests are not recorded, counted or hit by faults. */
export const CONTROL_PATH = '/_simulator';

/** Serves the control endpoints, for processes that cannot call the simulator's functions. */
export function createControlListener(
	simulator: Simulator,
): (request: IncomingMessage, response: ServerResponse) => void {
	return (request, response) => {
		readBody(request, (text) => {
			if (text === undefined) return;
			void serve(simulator, request, text, response);
		});
	};
}

async function serve(
	simulator: Simulator,
	request: IncomingMessage,
	text: string,
	response: ServerResponse,
): Promise<void> {
	const control = findControl(request);
	if (control === undefined) {
		return answer(response, 404, { error: 'No such control', controls: Object.keys(CONTROLS) });
	}
	const body = text === '' ? undefined : parseJson(text);
	if (text !== '' && body === undefined) return answer(response, 400, { error: 'Not JSON' });
	try {
		answer(response, 200, (await control(simulator, body)) ?? {});
	} catch (error) {
		answer(response, 400, { error: error instanceof Error ? error.message : String(error) });
	}
}

function findControl({ method = '', url = '' }: IncomingMessage): Control | undefined {
	const path = url.slice(CONTROL_PATH.length).replace(/\/$/, '');
	const name = `${method} ${path}`;
	return Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
	const text = JSON.stringify(body, (_key, value: unknown) =>
		value instanceof Map ? Object.fromEntries<unknown>(value) : value,
	);
	response.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		'content-length': String(Buffer.byteLength(text)),
	});
	response.end(text);
}
