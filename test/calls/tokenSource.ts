import { exchangedToken } from '../../calls/tokens';
import type { Clock, OutgoingRequest } from '../../calls/transport';
import { autocall } from '../../providers/autocall/adapter';
import { tokens } from '../../providers/autocall/tokens';
import { TestHost, answered } from './testHost';
import type { Reply } from './testHost';

export const apiKey = 'key-Zm9vYmFy';
export const day = 86_400_000;

export const flat = (token: string, expired_in: unknown = 13_647_710) =>
	answered(200, { client_id: 'c', expired_in, refresh_token: '', token, token_type: 'Bearer' });

export const sourceOf = (replies: readonly Reply[]) => {
	const host = new TestHost(autocall, replies, { credentials: () => [apiKey] });
	return { host, source: exchangedToken(host.context, tokens, apiKey) };
};

export const request: OutgoingRequest = {
	method: 'POST',
	url: 'https://api.example.com/v3/autocall/otp',
	headers: { accept: 'application/json' },
	body: '{}',
	timeout: 1,
	longestAnswer: 1,
	signal: undefined,
};

export const bearerOf = ({ headers }: OutgoingRequest): string | undefined =>
	headers['authorization'];

/** Somebody who goes on waiting. */
export const waiting = new AbortController().signal;

/** A clock whose sleeps last until they are ended: no token is ever too late. */
export const patient: Clock = {
	now: () => 0,
	random: () => 0,
	sleep: (_milliseconds, signal) =>
		new Promise((resolve) => {
			signal?.addEventListener('abort', () => resolve(), { once: true });
		}),
};
