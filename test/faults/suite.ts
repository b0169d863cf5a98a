import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { authorizedRequest, readAccount } from '../../calls/account';
import { limits } from '../../calls/limits';
import {
	PROVIDERS,
	SIMULATOR_TOKEN,
	createManualClock,
	startSimulator,
} from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { Network } from '../../tools/simulator/network';
import { accountValues, numberFrom, simulatedAccounts } from '../fixtures/simulatedAccounts';
import type { SimulatedAccount } from '../fixtures/simulatedAccounts';
import { callOf } from '../providers/answers';
import { orderOf } from '../providers/conformance/sends';
import type { AccountUnderTest, HostUnderTest, Outcome } from './hostUnderTest';
import { placed, sendRows, statusRows } from './table';
import type { Expected, Row } from './table';

/** A number that no other provider is asked to call, whose call is answered. */
const numberOf = (simulated: SimulatedAccount, index: number): string =>
	numberFrom(
		simulated.provider,
		(1 + simulatedAccounts.indexOf(simulated)) * 1_000_000 + index * 100 + 50,
	);

/** So many cases are under way at the same time. */
const atATime = 40;

/** Calls that end at once, so that their records are there when somebody looks for them. */
const shortCalls = { queuedMs: 0, ringsMs: 0, talksMs: 0 };

const certificate = (file: string): string =>
	readFileSync(join(__dirname, '..', 'tools', 'simulator', 'fixtures', file), 'utf8');

function plannedBy({ provider, code, fields }: SimulatedAccount, phoneNumber: string) {
	const order = orderOf(provider, { phoneNumber, code, fields });
	const planned = provider.planSend({ ...order, newReference: `ref-${phoneNumber}` });
	assert.ok(planned.is === 'planned');
	return planned;
}

/** Places a call without any host. */
async function placeBySelf(simulator: Simulator, simulated: SimulatedAccount, phone: string) {
	const { provider } = simulated;
	const planned = plannedBy(simulated, phone);
	const { path, body, form } = planned.request;
	const account = readAccount(provider, accountValues(simulated, simulator.url));
	const open = {
		url: `${account.baseUrl}${path}`,
		headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' },
		body: form ? new URLSearchParams(form).toString() : JSON.stringify(body),
	};
	const token = account.secret?.value ?? '';
	const { url, ...request } = authorizedRequest(provider, open, token, account.companion);
	const response = await fetch(url, { method: 'POST', ...request });
	const text = await response.text();
	assert.equal(response.status, 200, text);
	return planned.reference ?? callOf(planned.read({ status: 200, headers: {}, text })).call.callId;
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === 'object' && address !== null ? address.port : 0;
}

interface Seen {
	readonly outcome: Outcome;
	readonly requests: number;
	readonly calls: number;
}

/** The longest that a send may take with these limits: three tries, or one and the looks for a lost answer. */
const longestSend = 30_000;

/** Whether a call came of it and no error. Its status depends on how soon it was looked at. */
const isCall = ({ result, callMayHaveBeenPlaced }: Outcome): boolean =>
	callMayHaveBeenPlaced === null && (result === 'queued' || result === 'completed');

function check(seen: Seen, expected: Expected): void {
	const { outcome, requests, calls } = seen;
	const { callMayHaveBeenPlaced } = outcome;
	const result = isCall(outcome) ? 'call' : outcome.result;
	assert.deepEqual({ result, callMayHaveBeenPlaced, requests, calls }, expected, outcome.said);
	assert.ok(outcome.milliseconds < longestSend, `took ${outcome.milliseconds} ms`);
	checkSecrets(outcome);
}

/** A key may stand in the address of a request, and that in what a host says of its failure. */
function checkSecrets({ said }: Outcome): void {
	for (const secret of [SIMULATOR_TOKEN, ...simulatedAccounts.map(({ code }) => code)]) {
		assert.ok(!said.includes(secret), `${secret} came out: ${said}`);
	}
}

/** One behaviour: started together with all others, looked at in its own test. */
interface Case {
	readonly title: string;
	readonly run: () => Promise<void>;
}

/** What the cases share. */
interface Stage {
	readonly host: HostUnderTest;
	readonly simulator: Simulator;
}

const callsTo = (simulator: Simulator, phoneNumber: string): number =>
	simulator.calls.filter((call) => call.phoneNumber === phoneNumber).length;

/** What becomes of a row where the provider recognises a request, and the node sends it again. */
function afterRepeats({ expected, times }: Row): Expected | undefined {
	if (expected.result !== 'outcome-unknown') return undefined;
	const requests = limits.resend.length + 1;
	return times === undefined ? { ...expected, requests } : { ...placed, requests: times + 1 };
}

/** The same faults for a provider that recognises a request, gone when it comes again. */
const struckOnce = (simulated: SimulatedAccount): readonly Row[] =>
	plannedBy(simulated, numberOf(simulated, 0)).isIdempotent === true
		? sendRows.filter((row) => afterRepeats(row) !== undefined).map((row) => ({ ...row, times: 1 }))
		: [];

function sendCase(stage: () => Stage, simulated: SimulatedAccount, row: Row, index: number): Case {
	const { name } = simulated.provider;
	const phoneNumber = numberOf(simulated, index);
	const { isIdempotent = false, reference } = plannedBy(simulated, phoneNumber);
	const found = reference !== null ? row.withReference : undefined;
	const expected = (isIdempotent ? afterRepeats(row) : found) ?? row.expected;
	const often = isIdempotent && row.times !== undefined ? `${row.times} times, ` : '';
	return {
		title: `${name}: a send that meets ${row.name} ${often}ends as ${expected.result}, with ${expected.calls} placed`,
		run: async () => {
			const { host, simulator } = stage();
			simulator.faults.add({
				fault: row.fault,
				match: { provider: name, operation: 'send', phoneNumber },
				...(row.times !== undefined && { times: row.times }),
			});
			const account = { simulated, baseUrl: simulator.url };
			const outcome = await host.send(account, phoneNumber, simulated.code);
			const requests = simulator.requests.filter(
				({ method, bodyText }) => method === 'POST' && bodyText.includes(phoneNumber),
			).length;
			check({ outcome, requests, calls: callsTo(simulator, phoneNumber) }, expected);
		},
	};
}

function lookCase(stage: () => Stage, simulated: SimulatedAccount, row: Row, index: number): Case {
	const { provider } = simulated;
	const { name } = provider;
	const text = bareAnswer(provider.name, 404);
	const hasNoRecord = provider.isNoRecord({ status: 404, headers: {}, text });
	const expected = (hasNoRecord ? row.withNoRecord : undefined) ?? row.expected;
	return {
		title: `${name}: a look-up that meets ${row.name} ends as ${expected.result}`,
		run: async () => {
			const { host, simulator } = stage();
			const phoneNumber = numberOf(simulated, 500 + index);
			const callId = await placeBySelf(simulator, simulated, phoneNumber);
			simulator.faults.add({
				fault: row.fault,
				match: { provider: name, operation: 'status', phoneNumber },
				...(row.times !== undefined && { times: row.times }),
			});
			const outcome = await host.status({ simulated, baseUrl: simulator.url }, callId);
			const requests = simulator.requests.filter(
				({ method, url }) => method === 'GET' && url.includes(callId),
			).length;
			check({ outcome, requests, calls: callsTo(simulator, phoneNumber) }, expected);
		},
	};
}

/** What the simulated provider answers where a fault asks for nothing but a status. */
function bareAnswer(name: string, status: number): string {
	const clock = createManualClock();
	const parts = { clock, tokens: [], planIds: [], callLimit: 1, deliveryLimit: 1 };
	const simulated = PROVIDERS.find((provider) => provider.name === name);
	return simulated?.open(new Network(parts)).answers.withStatus(status).body ?? '';
}

/** Faults of the network itself, on servers and ports of their own. */
function networkCases(stage: () => Stage, simulated: SimulatedAccount): readonly Case[] {
	const { name } = simulated.provider;
	const { isIdempotent = false } = plannedBy(simulated, numberOf(simulated, 900));
	const send = async (baseUrl: string, index: number): Promise<Outcome> => {
		const account: AccountUnderTest = { simulated, baseUrl };
		const phoneNumber = numberOf(simulated, index);
		const outcome = await stage().host.send(account, phoneNumber, simulated.code);
		checkSecrets(outcome);
		return outcome;
	};
	return [
		// These two strike before the server knows for which number a request is.
		...(['refuse', 'reset-before-body'] as const).map(
			(kind): Case => ({
				title: `${name}: a connection that breaks early (${kind}) is outcome-unknown, unless it provably carried nothing`,
				run: async () => {
					const breaking = await startSimulator(shortCalls);
					breaking.faults.add({ fault: { kind } });
					const outcome = await send(breaking.url, 900);
					assert.equal(breaking.calls.length, 0);
					// The system may report the reset while it still connects: that is such a proof.
					const proved = kind === 'refuse' && outcome.result === 'unreachable';
					assert.equal(outcome.result, proved ? 'unreachable' : 'outcome-unknown', outcome.said);
					assert.equal(outcome.callMayHaveBeenPlaced, !proved);
					assert.ok(breaking.counters.sends <= (isIdempotent ? limits.resend.length + 1 : 1));
					await breaking.close();
				},
			}),
		),
		{
			title: `${name}: a port that refuses is unreachable, and nothing was placed`,
			run: async () => {
				const outcome = await send(`http://127.0.0.1:${await closedPort()}`, 901);
				assert.equal(outcome.result, 'unreachable', outcome.said);
				assert.equal(outcome.callMayHaveBeenPlaced, false);
				assert.match(outcome.said, /ECONNREFUSED/);
			},
		},
		{
			title: `${name}: a port that opens again within the tries gets the call, once`,
			run: async () => {
				const flapping = await startSimulator(shortCalls);
				await flapping.closePortFor(300);
				const outcome = await send(flapping.url, 902);
				assert.ok(isCall(outcome), outcome.said);
				assert.equal(flapping.calls.length, 1);
				await flapping.close();
			},
		},
		{
			title: `${name}: a host name that does not resolve is unreachable`,
			run: async () => {
				const outcome = await send('https://api.otp-call.invalid', 903);
				assert.equal(outcome.result, 'unreachable', outcome.said);
				assert.equal(outcome.callMayHaveBeenPlaced, false);
			},
		},
		{
			title: `${name}: a certificate that cannot be verified stops the request before it leaves`,
			run: async () => {
				const key = certificate('loopback-key.pem');
				const cert = certificate('loopback-cert.pem');
				const secure = await startSimulator({ ...shortCalls, tls: { key, cert } });
				const outcome = await send(secure.url, 904);
				assert.equal(outcome.result, 'unreachable', outcome.said);
				assert.equal(outcome.callMayHaveBeenPlaced, false);
				assert.match(outcome.said, /certificate/);
				assert.equal(secure.requests.length, 0);
				await secure.close();
			},
		},
		{
			title: `${name}: a server that is killed while requests are under way leaves each of them unknown, and none is sent again`,
			run: async () => {
				const killed = await startSimulator(shortCalls);
				killed.faults.add({ fault: { kind: 'never-answer', placesCall: true } });
				const indexes = [910, 911, 912, 913, 914];
				const underWay = indexes.map((index) => send(killed.url, index));
				while (killed.calls.length < indexes.length) {
					await new Promise((resolve) => setTimeout(resolve, 20));
				}
				await killed.closePort();
				const outcomes = await Promise.all(underWay);
				assert.deepEqual(
					outcomes.map(({ result }) => result),
					indexes.map(() => 'outcome-unknown'),
				);
				assert.equal(killed.counters.sends, indexes.length);
				await killed.close();
			},
		},
	];
}

/** Runs every fault against a host, many at a time, each with a phone number of its own. */
export function faultSuite(name: string, startHost: () => Promise<HostUnderTest>): void {
	describe(`faults in ${name}`, function () {
		this.timeout(120_000);
		let running: Stage | null = null;
		const outcomes = new Map<string, Promise<unknown>>();
		const stage = (): Stage => {
			if (running === null) throw new Error('The host has not started');
			return running;
		};
		const cases = simulatedAccounts.flatMap((simulated) => [
			...sendRows.map((row, index) => sendCase(stage, simulated, row, index)),
			...struckOnce(simulated).map((row, index) => sendCase(stage, simulated, row, 300 + index)),
			...statusRows.map((row, index) => lookCase(stage, simulated, row, index)),
			...networkCases(stage, simulated),
		]);

		before(async () => {
			running = { host: await startHost(), simulator: await startSimulator(shortCalls) };
			const left = [...cases];
			// All at once would let the host be busy for longer than a request may take.
			const worker = async (): Promise<void> => {
				for (let next = left.shift(); next !== undefined; next = left.shift()) {
					const { title, run } = next;
					const outcome = run().then(
						() => null,
						(failure: unknown) => failure,
					);
					// Its own test reports the failure.
					outcomes.set(title, outcome);
					await outcome;
				}
			};
			await Promise.all(Array.from({ length: atATime }, worker));
		});
		after(async () => {
			await running?.host.close();
			await running?.simulator.close();
		});

		for (const { title } of cases) {
			it(title, async () => {
				const failure = await outcomes.get(title);
				assert.ifError(failure);
			});
		}
	});
}
