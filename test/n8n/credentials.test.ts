import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { providers } from '../../providers';
import type { ProviderAccount } from '../../providers/contract';
import { SIMULATOR_API_KEY, SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { testCredential } from './credentialTest';

/** A server that is not a provider's. */
async function strangeServer(status: number, body: string, type = 'text/html') {
	const server = createServer((_request, response) => {
		response.writeHead(status, { 'content-type': type }).end(body);
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		close: () => new Promise((resolve) => server.close(resolve)),
	};
}

const page = '<!doctype html><title>Not here</title>';

describe('credential tests in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	/** An account that holds a token, and not a key to get one for. */
	const holding = ({ companion, token }: ProviderAccount, baseUrl: string, value: string) => ({
		baseUrl,
		[token.name]: value,
		...(companion && { [companion.name]: SIMULATOR_TOKEN }),
		...(token.onlyIf && { [token.onlyIf.field]: token.onlyIf.is }),
	});

	for (const { account: fields, apiRoot } of providers) {
		if (fields === null) continue;
		const { credential: name, token } = fields;
		const account = (baseUrl: string, value = SIMULATOR_TOKEN) => holding(fields, baseUrl, value);

		it(`${name}: a good token passes, and no call is placed for it`, async () => {
			assert.equal((await testCredential(name, account(simulator.url))).status, 'OK');
			assert.equal(simulator.counters.sends, 0);
		});

		it(`${name}: a base URL with a path of the API or a slash at its end passes`, async () => {
			for (const path of ['/', `${apiRoot ?? ''}/`]) {
				const result = await testCredential(name, account(`${simulator.url}${path}`));
				assert.equal(result.status, 'OK', path);
			}
		});

		it(`${name}: a wrong token fails as such`, async () => {
			const { status, message } = await testCredential(name, account(simulator.url, 'wrong'));
			assert.equal(status, 'Error');
			assert.match(message, /(?:did not accept|does not know) .* of the credential/);
			// What is to be filled in, by the name that it has in the form.
			assert.ok(message.includes(token.label.en), message);
		});

		for (const [status, body, type] of [
			[200, page, 'text/html'],
			[404, page, 'text/html'],
			[404, '{"message":"no such page"}', 'application/json'],
			[200, '{}', 'application/json'],
			[302, '', 'text/html'],
			[500, page, 'text/html'],
		] as const) {
			it(`${name}: a strange server that answers ${status} with ${body.slice(0, 12)} fails`, async () => {
				const server = await strangeServer(status, body, type);
				const result = await testCredential(name, account(server.url));
				await server.close();
				assert.equal(result.status, 'Error');
				assert.match(result.message, /does not answer like .*Base URL/);
			});
		}

		for (const [what, baseUrl, says] of [
			['a closed port', 'http://127.0.0.1:9', /nothing answers at that address/],
			['an unknown host', 'https://no-such-host.invalid', /the host name (is not known|could not)/],
			[
				'a server without https',
				() => simulator.url.replace('http:', 'https:'),
				/no secure connection/,
			],
		] as const) {
			it(`${name}: ${what} fails in words, with the field to check`, async () => {
				const url = typeof baseUrl === 'string' ? baseUrl : baseUrl();
				const { status, message } = await testCredential(name, account(url));
				assert.equal(status, 'Error');
				assert.match(message, says);
				assert.match(message, /cannot be reached: .*\. Check Base URL/);
			});
		}

		it(`${name}: a base URL that would show the token to everybody fails, and says why`, async () => {
			const result = await testCredential(name, account('http://api.example.com'));
			assert.match(result.message, /^Base URL must begin with https:\/\/.*can read the token/);
		});

		it(`${name}: an empty token fails, and says so`, async () => {
			const result = await testCredential(name, account(simulator.url, ''));
			const label = token.label.en;
			const says = `${label} of the credential is empty. Copy the ${label}`;
			assert.ok(result.message.startsWith(says), result.message);
		});
	}

	it('autocallApi: a good API key passes', async () => {
		const account = { baseUrl: simulator.url, apiKey: SIMULATOR_API_KEY };
		assert.equal((await testCredential('autocallApi', account)).status, 'OK');
	});

	it('autocallApi: a wrong API key fails, and says so', async () => {
		const account = { baseUrl: simulator.url, apiKey: 'wrong-key-91' };
		const result = await testCredential('autocallApi', account);
		assert.match(
			result.message,
			/did not accept the API Key of the credential \(HTTP 401\)\. Copy the API Key/,
		);
		assert.ok(!result.message.includes('wrong-key-91'));
	});
});
