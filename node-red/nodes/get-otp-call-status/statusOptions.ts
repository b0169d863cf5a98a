import type { Node, NodeAPI } from 'node-red';
import { readSeconds, timing } from '../../../calls/seconds';

import { valueReader } from '../../host/typedValues';
import type { ValueReader } from '../../host/typedValues';
import { readFollowing } from '../../host/waiting';
import type { Following } from '../../host/waiting';
import { filterFields, readLimit } from './callFilter';

/** A status node's configuration, ready to be used for each message. */
export interface StatusOptions {
	readonly account: unknown;
	/** `getAll`: a list of calls instead of one. */
	readonly operation: 'get' | 'getAll';
	readonly callId: ValueReader;
	readonly lookUpBy: 'reference' | 'record';
	readonly waitUntilEnded: boolean;
	readonly simplify: boolean;
	readonly filters: ReadonlyMap<string, ValueReader>;
	/** These are checked for each message, so that a wrong one is an error of a message. @throws OtpCallError */
	limit(): number;
	timeout(): number | undefined;
	following(): Following;
}

export function readStatusOptions(
	RED: NodeAPI,
	node: Node,
	config: ReadonlyMap<string, unknown>,
): StatusOptions {
	return {
		account: config.get('account'),
		operation: config.get('operation') === 'getAll' ? 'getAll' : 'get',
		callId: valueReader(RED, node, config, { field: 'callId', label: 'Call ID' }),
		lookUpBy: config.get('lookUpBy') === 'record' ? 'record' : 'reference',
		waitUntilEnded: config.get('waitUntilEnded') === true,
		simplify: config.get('simplify') !== false,
		filters: new Map(
			Object.values(filterFields).map((name) => [name.field, valueReader(RED, node, config, name)]),
		),
		limit: () => readLimit(config.get('returnAll'), config.get('limit')),
		timeout: () => readSeconds(config.get('timeout'), timing.timeout),
		following: () => readFollowing(config),
	};
}
