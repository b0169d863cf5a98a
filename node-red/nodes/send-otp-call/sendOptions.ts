import type { Node, NodeAPI } from 'node-red';

import { readCoolDown } from '../../../calls/coolDown';
import type { CoolDownRule } from '../../../calls/coolDown';
import { readSeconds, timing } from '../../../calls/seconds';
import { CoolDownStore } from '../../host/coolDownStore';
import { valueReader } from '../../host/typedValues';
import type { ValueReader } from '../../host/typedValues';
import { readFollowing } from '../../host/waiting';
import type { Following } from '../../host/waiting';
import { forms } from '../../providers';

/** A send node's configuration, ready to be used for each message. */
export interface SendOptions {
	readonly account: unknown;
	readonly phoneNumber: ValueReader;
	/** Null: the node makes the code itself. */
	readonly code: ValueReader | null;
	readonly generated: { readonly length: unknown; readonly alphabet: unknown };
	/** The own fields of every provider, by the provider's name. */
	readonly fields: ReadonlyMap<string, ReadonlyMap<string, ValueReader>>;
	readonly coolDowns: CoolDownStore;
	readonly waitForResult: boolean;
	readonly simplify: boolean;
	/** These are checked for each message, so that a wrong one is an error of a message. @throws OtpCallError */
	coolDown(): CoolDownRule | null;
	timeout(): number | undefined;
	following(): Following;
}

type Config = ReadonlyMap<string, unknown>;

function readProviderFields(RED: NodeAPI, node: Node, config: Config): SendOptions['fields'] {
	return new Map(
		forms.map((form) => [
			form.name,
			new Map(
				form.send.map(({ name, label }) => [
					name,
					valueReader(RED, node, config, { field: name, label: label['en-US'] }),
				]),
			),
		]),
	);
}

export function readSendOptions(RED: NodeAPI, node: Node, config: Config): SendOptions {
	const read = (field: string, label: string) => valueReader(RED, node, config, { field, label });
	return {
		account: config.get('account'),
		phoneNumber: read('phoneNumber', 'Phone Number'),
		code: config.get('generateCode') === true ? null : read('code', 'Code'),
		generated: { length: config.get('codeLength'), alphabet: config.get('codeAlphabet') },
		fields: readProviderFields(RED, node, config),
		coolDowns: new CoolDownStore(node, config.get('coolDownStore')),
		waitForResult: config.get('waitForResult') === true,
		simplify: config.get('simplify') !== false,
		coolDown: () => readCoolDown(config.get('coolDownSeconds'), config.get('maxCallsPerHour')),
		timeout: () => readSeconds(config.get('timeout'), timing.timeout),
		following: () => readFollowing(config),
	};
}
