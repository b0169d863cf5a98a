import { Pool } from 'undici';
import type { OpenCase } from './case';

/** As many as an account's messages in flight. */
const CONNECTIONS = 50;

/** The least that any client can do: the same requests over a connection pool, without a host. */
export const openBarePool: OpenCase = async ({ baseUrl, token }) => {
	const pool = new Pool(baseUrl, { connections: CONNECTIONS });
	return {
		place: async (orders, onResult) => {
			await Promise.all(
				orders.map(async ({ phoneNumber, code }) => {
					const { statusCode, body } = await pool.request({
						method: 'POST',
						path: '/api/v2/voice/otp',
						headers: {
							authorization: `Bearer ${token}`,
							accept: 'application/json',
							'content-type': 'application/json',
						},
						body: JSON.stringify({ phoneNumber, text: code }),
					});
					await body.json();
					if (statusCode !== 200) throw new Error(`HTTP ${String(statusCode)}`);
					onResult(phoneNumber);
				}),
			);
		},
		close: () => pool.close(),
	};
};
