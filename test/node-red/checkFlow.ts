import assert from 'node:assert/strict';
import { once } from 'node:events';

import { limits } from '../../calls/limits';
import { clock } from '../../node-red/host/clock';
import { SIMULATOR_TOKEN, createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { RunningFlow, at, passTimeWith, until } from './runningFlow';
import type { Fields, FlowNode, HostName, Message } from './runningFlow';

const otherToken = 'another-token-of-another-account';
const check = {
	type: 'check-otp-code',
	verification: 'payload.verification',
	verificationType: 'msg',
	code: 'payload.code',
	codeType: 'msg',
};
const send = {
	id: 'send',
	type: 'send-otp-call',
	account: 'account',
	phoneNumber: 'payload.phoneNumber',
	phoneNumberType: 'msg',
	code: 'payload.code',
	codeType: 'msg',
	keepForCheck: true,
	z: 'tab',
	x: 0,
	y: 0,
	wires: [['sent']],
};
const person = { phoneNumber: '09123456789', code: '80417' };

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

/** What a check said, and whether it left by the first output. */
interface Typed {
	readonly right: boolean;
	readonly result: Record<string, unknown>;
}

/** A check node (`node`) and a send node (`send`) in Node-RED, and two accounts of one simulator. */
export class CheckFlow {
	readonly simulator: Simulator;
	readonly flow: RunningFlow;
	/** What the send node puts out. */
	readonly sent: Message[] = [];
	readonly #restore: () => void;

	private constructor(simulator: Simulator, flow: RunningFlow, restore: () => void) {
		this.simulator = simulator;
		this.flow = flow;
		this.#restore = restore;
		flow.helper.getNode('sent').on('input', (message) => this.sent.push(message));
	}

	/** @param own of the check node @param sending of the send node @param account of the first account */
	static async start(
		host: HostName,
		own: Fields = {},
		sending: Fields = {},
		account: Fields = {},
	): Promise<CheckFlow> {
		const tokens = [SIMULATOR_TOKEN, otherToken];
		const simulator = await startSimulator({ clock: createManualClock(), tokens });
		const time = passTimeWith(simulator);
		const passing = { ...clock };
		clock.sleep = async (milliseconds, signal) => {
			// The limit of a check is no pause: it is there to be called off.
			if (milliseconds !== limits.check) await passing.sleep(milliseconds, signal);
			else if (signal !== undefined) await once(signal, 'abort');
		};
		const other = { id: 'other-account', type: 'otp-call-account', provider: 'bitel' };
		const more: readonly FlowNode[] = [
			{ ...other, baseUrl: simulator.url },
			{ ...send, ...sending },
			{ id: 'sent', type: 'helper', z: 'tab', x: 0, y: 0 },
		];
		const flow = await RunningFlow.start(
			host,
			{ ...check, ...own },
			{ provider: 'bitel', baseUrl: simulator.url, ...account },
			{ token: SIMULATOR_TOKEN },
			more,
			{ 'other-account': { token: otherToken } },
		);
		return new CheckFlow(simulator, flow, () => {
			time.restore();
		});
	}

	async stop(): Promise<void> {
		this.#restore();
		await this.flow.stop();
		await this.simulator.close();
	}

	/** Sends, and waits for the result or the error. */
	async sending(message: Fields = {}): Promise<Message> {
		const failures = () =>
			this.flow.caught.filter(({ error }) => at(error, 'source', 'id') === 'send');
		const [results, errors] = [this.sent.length, failures().length];
		this.flow.helper.getNode('send').receive({ payload: { ...person, ...message } });
		const last = (list: readonly Message[], before: number): Message | undefined =>
			list.length > before ? list.at(-1) : undefined;
		const answer = () => last(this.sent, results) ?? last(failures(), errors);
		await until(() => answer() !== undefined, 'an answer of the send node');
		return answer() ?? {};
	}

	/** Sends, and gives the token that comes out. */
	async tokenOf(message: Fields = {}): Promise<unknown> {
		return at(await this.sending(message), 'payload', 'verification');
	}

	/** What comes out for a typed code, and where. @param more of the message */
	async typed(verification: unknown, code: unknown, more: Fields = {}): Promise<Typed> {
		const payload = { verification, code };
		const { caught, messages, others } = await this.flow.answer({
			topic: 'kept',
			...more,
			payload,
		});
		assert.equal(caught, undefined, JSON.stringify(caught?.['error']));
		assert.equal(messages.length + others.length, 1);
		const [message] = [...messages, ...others];
		const result = message?.['payload'];
		assert.ok(isObject(result));
		assert.equal(message?.['topic'], 'kept');
		assert.equal(messages.length === 1, result['valid']);
		return { right: messages.length === 1, result };
	}

	/** Why a typed code is not right; null: it is. */
	async reasonOf(...given: Parameters<CheckFlow['typed']>): Promise<unknown> {
		return (await this.typed(...given)).result['reason'];
	}

	/** The marks in the context store. */
	stored(): unknown {
		return this.flow.helper.getNode('node').context().global.get('otpCallChecks');
	}
}
