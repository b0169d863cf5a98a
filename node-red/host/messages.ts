import type { Node, NodeAPI, NodeMessage } from 'node-red';

import { OtpCallError } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import type { Call } from '../../providers/call';
import { everywhere, invalid } from '../../providers/fields';
import { maskPhoneNumber } from '../../redaction/texts';
import { watchStanding } from './account';
import { asOtpCallError, maskedId, NodeError } from './nodeError';
import { StatusBoard } from './statusBoard';
import type { MessageStatus } from './statusBoard';
import type { NodeWords } from './words';

/** One message that a node works on. */
export interface Message {
	readonly message: NodeMessage;
	readonly status: MessageStatus;
	/** Aborts when the node is closed. */
	readonly signal: AbortSignal;
	/** Sends a copy of the message with this payload, before the message's own result. */
	emit(payload: unknown): void;
	/** From here on an error that nobody foresaw may mean that a phone rings: that of this number. */
	placing(phoneNumber: string): void;
	/** Puts a call that was placed into the log. */
	placed(call: Call): void;
}

/** @returns the payload of the result */
type Work<Result> = (message: Message) => Promise<Result>;

interface WorkOptions<Result> {
	/** The ID of the account that the node asks: when it is refused, the node's status says so. */
	readonly account?: unknown;
	/** By which output of the node a result leaves, from 0; absent: there is one. */
	readonly outputOf?: (result: Result) => number;
}

type Send = (message: NodeMessage | (NodeMessage | null)[]) => void;
type Done = (error?: Error) => void;

/** @throws OtpCallError `invalid-input` for a message that cannot take a result: found before a phone rings */
function checkTakesPayload(message: NodeMessage): void {
	const own = Object.getOwnPropertyDescriptor(message, 'payload');
	const isWritable = own === undefined ? Object.isExtensible(message) : own.writable === true;
	if (isWritable) return;
	throw invalidInput(
		invalid(
			{ name: 'payload', label: everywhere('msg.payload') },
			'is read-only or frozen, so the result cannot be put into it',
			'Give this node a copy of the message: in a function node, return {...msg} in place of msg',
		),
	);
}

/**
 * Gives each message that arrives to the work, and ends it exactly once: with its result and `done()`,
 * or with `done(error)`. Nothing is kept on the node, so that messages cannot mix. Nothing rejects: a
 * rejection would end the whole of Node-RED. When the node is closed, every message is ended before.
 */
export function workOnMessages<Result>(
	RED: NodeAPI,
	node: Node,
	words: NodeWords,
	work: Work<Result>,
	{ account, outputOf = () => 0 }: WorkOptions<Result> = {},
): void {
	const closing = new AbortController();
	const board = new StatusBoard(node, words.translate);
	const unwatch = watchStanding(RED, account, (refusedAt) => {
		board.showAccount(refusedAt);
	});
	let underWay = 0;
	let whenIdle: () => void = () => undefined;

	const attempt = async (
		message: NodeMessage,
		status: MessageStatus,
		send: Send,
	): Promise<{ payload: Result } | OtpCallError> => {
		let mayHaveBeenPlaced = false;
		let number = '';
		try {
			checkTakesPayload(message);
			const payload = await work({
				message,
				status,
				signal: closing.signal,
				emit: (change) => {
					send({ ...RED.util.cloneMessage(message), payload: change });
				},
				placing: (phoneNumber) => {
					mayHaveBeenPlaced = true;
					number = maskPhoneNumber(phoneNumber);
				},
				placed: ({ callId, phoneNumber, provider }) => {
					// `node.log` makes an error of each line, for its stack: a sixth of the time of a whole call.
					RED.log.log({
						level: RED.log.INFO,
						id: node.id,
						type: node.type,
						...(node.name && { name: node.name }),
						msg: `Call placed (${provider}): ${maskPhoneNumber(phoneNumber)}, ${maskedId(callId)}`,
					});
				},
			});
			return { payload };
		} catch (error) {
			const known = asOtpCallError(error, mayHaveBeenPlaced);
			// Catch nodes may be closed before they hear it: of what may have been placed the log has to know.
			if (closing.signal.aborted && known.facts.callMayHaveBeenPlaced) {
				node.warn(`${number} ${new NodeError(known, words.vocabulary).message}`.trim());
			}
			return known;
		}
	};

	/** Node-RED copies the message for Catch nodes, which a message of its own kind may not survive. */
	const fail = (done: Done, error: NodeError): void => {
		try {
			done(error);
		} catch {
			node.error(error.message);
		}
	};

	const run = async (message: NodeMessage, send: Send, done: Done): Promise<void> => {
		const status = board.begin();
		const result = await attempt(message, status, send);
		if (result instanceof OtpCallError) {
			status.fail(result.code);
			fail(done, new NodeError(result, words.vocabulary));
			return;
		}
		status.end();
		message.payload = result.payload;
		const output = outputOf(result.payload);
		send(output === 0 ? message : [...Array<null>(output).fill(null), message]);
		done();
	};

	node.on('input', (message, send, done) => {
		underWay += 1;
		run(message, send, done)
			.catch(() => undefined)
			.finally(() => {
				underWay -= 1;
				if (underWay === 0) whenIdle();
			});
	});
	node.on('close', (done: () => void) => {
		unwatch();
		board.close();
		closing.abort();
		whenIdle = done;
		if (underWay === 0) done();
	});
}
