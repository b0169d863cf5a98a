import { nodeRedAccount, nodeRedFields } from '../fixtures/simulatedAccounts';
import { EmbeddedHost } from '../node-red/embeddedHost';
import { hosts } from '../node-red/runningFlow';
import type { Fields } from '../node-red/runningFlow';
import { requestSeconds } from './hostUnderTest';
import type { AccountUnderTest, HostUnderTest, Outcome } from './hostUnderTest';
import { faultSuite } from './suite';

/** A tab whose two paths place and look up calls with an account, and answer what came of it. */
function tabFor(account: AccountUnderTest, path: string): Fields[] {
	const tab = `tab${path}`;
	const named = (name: string) => `${name}${path}`;
	const onTab = { z: tab, x: 0, y: 0 };
	const fromPayload = (field: string) => ({
		[field]: `payload.${field}`,
		[`${field}Type`]: 'msg',
	});
	const own = { ...onTab, account: named('account'), timeout: String(requestSeconds) };
	const inPath = (name: string, to: string): Fields => ({
		...onTab,
		id: named(`in-${name}`),
		type: 'http in',
		url: `/${path}/${name}`,
		method: 'post',
		wires: [[named(to)]],
	});
	const answering = (id: string, code: string): Fields => ({
		...onTab,
		id: named(id),
		type: 'function',
		func: `msg.payload = ${code}; return msg;`,
		outputs: 1,
		wires: [[named('response')]],
	});
	return [
		{ id: tab, type: 'tab', label: path },
		{
			...nodeRedAccount(account.simulated, account.baseUrl),
			id: named('account'),
			maxInFlight: '200',
		},
		inPath('send', 'send'),
		{
			...own,
			id: named('send'),
			type: 'send-otp-call',
			...fromPayload('phoneNumber'),
			...fromPayload('code'),
			...nodeRedFields(account.simulated),
			wires: [[named('out')]],
		},
		inPath('status', 'status'),
		{
			...own,
			id: named('status'),
			type: 'get-otp-call-status',
			...fromPayload('callId'),
			wires: [[named('out')]],
		},
		answering('out', '{ call: msg.payload }'),
		{
			...onTab,
			id: named('catch'),
			type: 'catch',
			scope: [named('send'), named('status')],
			wires: [[named('caught')]],
		},
		answering('caught', '{ error: msg.error }'),
		{ ...onTab, id: named('response'), type: 'http response', wires: [] },
	];
}

const get = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);

class NodeRedUnderTest implements HostUnderTest {
	readonly #host: EmbeddedHost;
	readonly #tabs = new Map<string, string>();
	#flows: Fields[] = [];
	#deployed: Promise<void> = Promise.resolve();

	constructor(host: EmbeddedHost) {
		this.#host = host;
	}

	async send(account: AccountUnderTest, phoneNumber: string, code: string): Promise<Outcome> {
		return await this.#ask(account, 'send', { phoneNumber, code });
	}

	async status(account: AccountUnderTest, callId: string): Promise<Outcome> {
		return await this.#ask(account, 'status', { callId });
	}

	async close(): Promise<void> {
		await this.#host.stop();
	}

	/** The path of the account's tab; it is deployed beside the others when it is new. */
	async #pathOf(account: AccountUnderTest): Promise<string> {
		const key = `${account.simulated.provider.name} ${account.baseUrl}`;
		const path = this.#tabs.get(key) ?? `account${this.#tabs.size}`;
		if (!this.#tabs.has(key)) {
			this.#tabs.set(key, path);
			const flows = [...this.#flows, ...tabFor(account, path)];
			// An account that is deployed with its credentials again would be started anew.
			this.#flows = flows.map(({ credentials: _deployed, ...node }) => node);
			this.#deployed = this.#deployed.then(() => this.#host.deploy(flows, 'nodes'));
		}
		await this.#deployed;
		return path;
	}

	async #ask(account: AccountUnderTest, what: string, payload: Fields): Promise<Outcome> {
		const path = await this.#pathOf(account);
		const start = Date.now();
		const { text } = await this.#host.ask('POST', `/${path}/${what}`, payload);
		const answer: unknown = JSON.parse(text);
		const error = get(answer, 'error');
		const mayHaveBeen = get(get(error, 'cause'), 'callMayHaveBeenPlaced');
		return {
			result: String(get(error, 'code') ?? get(get(answer, 'call'), 'status')),
			callMayHaveBeenPlaced: typeof mayHaveBeen === 'boolean' ? mayHaveBeen : null,
			milliseconds: Date.now() - start,
			said: text,
		};
	}
}

for (const name of hosts) {
	faultSuite(name, async () => new NodeRedUnderTest(await EmbeddedHost.start(name)));
}
