import assert from 'node:assert/strict';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import {
	BITEL_SERVER_ID,
	createManualClock,
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	SIMULATOR_TOKEN,
	startSimulator,
} from '../../tools/simulator';
import type { Clock, Simulator } from '../../tools/simulator';
import { TriggerHost } from './triggerHost';
import type { HostOptions } from './triggerHost';

/** An event about a call that no provider knows. */
export const forged = JSON.stringify({
	state: 'cdr',
	call_id: 'nobody-knows',
	ref_id: 'nobody-knows',
	to_number: '0332665711',
	status: 'answered',
});

/** A trigger remembers deliveries by its node's ID: no test may have seen those of another. */
let nodes = 0;

/** Triggers, and a simulator that delivers to them when a test says that a call goes on. */
export class TriggerScene {
	readonly simulator: Simulator;
	readonly clock: Clock;
	readonly #hosts: TriggerHost[] = [];

	private constructor(simulator: Simulator, clock: Clock) {
		this.simulator = simulator;
		this.clock = clock;
	}

	static async open(): Promise<TriggerScene> {
		const clock = createManualClock(Date.parse('2023-03-07T10:06:50+07:00'));
		return new TriggerScene(await startSimulator({ clock }), clock);
	}

	/** Everything as at the start, for the next test. */
	async clear(): Promise<void> {
		await Promise.all(this.#hosts.splice(0).map((host) => host.close()));
		this.simulator.reset();
	}

	async close(): Promise<void> {
		await this.clear();
		await this.simulator.close();
	}

	/** A trigger for the end of Autocall's calls, unless the parameters say something else. */
	async start(
		parameters: INodeParameters = {},
		options: Partial<HostOptions> & { readonly nodeId?: string; readonly token?: string } = {},
	): Promise<TriggerHost> {
		const { nodeId = `node-${(nodes += 1)}`, token = SIMULATOR_TOKEN } = options;
		const account = { token, baseUrl: this.simulator.url };
		const host = await TriggerHost.start({
			under: {
				type: 'otpCallTrigger',
				parameters: { provider: 'autocall', triggerOn: ['ended'], ...parameters },
				credentials: { autocallApi: { authentication: 'token', ...account }, bitelApi: account },
				settings: { id: nodeId },
			},
			...options,
		});
		this.#hosts.push(host);
		return host;
	}

	/** Has Autocall place a call, and waits until it is over and told of. */
	async autocallCall(phoneNumber = '0332665711'): Promise<void> {
		await this.#place('/v3/autocall/otp', {
			campaign_uuid: SEED_CAMPAIGN_UUID,
			phone_number: phoneNumber,
			template: SEED_TEMPLATE_NAME,
			code_otp: '918273',
			ref_id: 'order-1042',
		});
	}

	/** Has Bitel place a call and tell this trigger of its end. @returns the call's ID */
	async bitelCall(host: TriggerHost, phoneNumber = '09123456789'): Promise<string> {
		this.simulator.change({ bitelWebhookUrl: await host.url() });
		const { result } = await this.#place('/api/v2/voice/otp', {
			phoneNumber,
			text: '91827',
			serverId: BITEL_SERVER_ID,
		});
		return (result as { readonly id: string }).id;
	}

	async #place(path: string, body: IDataObject): Promise<IDataObject> {
		const answer = await fetch(`${this.simulator.url}${path}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${SIMULATOR_TOKEN}`, 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		assert.equal(answer.status, 200);
		const placed = (await answer.json()) as IDataObject;
		await this.clock.advance(60_000);
		return placed;
	}
}
