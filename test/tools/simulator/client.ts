import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { SEED_CAMPAIGN_UUID, SEED_TEMPLATE_NAME, SIMULATOR_TOKEN } from '../../../tools/simulator';

/** An answer of the simulator. */
export interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
	/** The parsed body; undefined when it is not JSON. */
	readonly json: unknown;
}

/** The documented smallest request of each provider. */
export const BITEL_SEND = { phoneNumber: '09121234567', text: '1234' };
export const AUTOCALL_SEND = {
	campaign_uuid: SEED_CAMPAIGN_UUID,
	phone_number: '0332665711',
	template: SEED_TEMPLATE_NAME,
	code_otp: 'LUAN001',
	ref_id: 'ABC123',
};

export const BITEL_SEND_PATH = '/api/v2/voice/otp';
export const AUTOCALL_SEND_PATH = '/v3/autocall/otp';

/** What every documented request carries. */
export const HEADERS = {
	authorization: `Bearer ${SIMULATOR_TOKEN}`,
	'content-type': 'application/json',
};

/** Sends one request with exactly this path, and reads the answer to its end. */
export function call(
	url: string,
	method: string,
	path: string,
	body?: unknown,
	options: RequestOptions = {},
): Promise<Answer> {
	const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
	return new Promise((resolve, reject) => {
		const sent = request(
			url,
			{ method, path, headers: HEADERS, agent: false, ...options },
			(response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.once('error', reject);
				response.once('end', () => {
					const received = Buffer.concat(chunks).toString('utf8');
					const { statusCode = 0, headers } = response;
					resolve({ status: statusCode, headers, text: received, json: parsed(received) });
				});
			},
		);
		sent.once('error', reject);
		sent.end(text);
	});
}

export function sendBitel(url: string, body: unknown = BITEL_SEND): Promise<Answer> {
	return call(url, 'POST', BITEL_SEND_PATH, body);
}

export function sendAutocall(url: string, body: unknown = AUTOCALL_SEND): Promise<Answer> {
	return call(url, 'POST', AUTOCALL_SEND_PATH, body);
}

export function get(url: string, path: string): Promise<Answer> {
	return call(url, 'GET', path);
}

/** The value at `keys` of parsed JSON; undefined when there is none. */
export function at(json: unknown, ...keys: readonly (string | number)[]): unknown {
	let value = json;
	for (const key of keys) {
		if (typeof value !== 'object' || value === null) return undefined;
		value = Object.entries(value).find(([name]) => name === String(key))?.[1];
	}
	return value;
}

/** Waits in real time for something that no clock of ours decides. */
export async function waitUntil(isTrue: () => boolean): Promise<void> {
	while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
