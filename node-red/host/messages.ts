import type { Node, NodeAPI, NodeMessage } from 'node-red';

import { OtpCallError } from '../../calls/errors';
import { asOtpCallError, NodeError } from './nodeError';
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
	/** From here on an error that nobody foresaw may mean that a phone rings. */
	placing(): void;
}

/** @returns the payload of the result */
type Work = (message: Message) => Promise<unknown>;

type Send = (message: NodeMessage) => void;
type Done = (error?: Error) => void;

/** The message with its result. What a flow has frozen cannot take one, and goes on as a copy. */
const withPayload = (message: NodeMessage, payload: unknown): NodeMessage =>
	Reflect.set(message, 'payload', payload) ? message : { ...message, payload };

/**
 * Gives each message that arrives to the work, and ends it exactly once: with its result and `done()`,
 * or with `done(error)`. Nothing is kept on the node, so that messages cannot mix. Nothing rejects: a
 * rejection would end the whole of Node-RED. When the node is closed, every message is ended before.
 */
export function workOnMessages(RED: NodeAPI, node: Node, words: NodeWords, work: Work): void {
	const closing = new AbortController();
	const board = new StatusBoard(node, words.translate);
	let underWay = 0;
	let whenIdle: () => void = () => undefined;

	const attempt = async (
		message: NodeMessage,
		status: MessageStatus,
		send: Send,
	): Promise<{ payload: unknown } | OtpCallError> => {
		let mayHaveBeenPlaced = false;
		try {
			const payload = await work({
				message,
				status,
				signal: closing.signal,
				emit: (change) => {
					send({ ...RED.util.cloneMessage(message), payload: change });
				},
				placing: () => {
					mayHaveBeenPlaced = true;
				},
			});
			return { payload };
		} catch (error) {
			return asOtpCallError(error, mayHaveBeenPlaced);
		}
	};

	const run = async (message: NodeMessage, send: Send, done: Done): Promise<void> => {
		const status = board.begin();
		const result = await attempt(message, status, send);
		if (result instanceof OtpCallError) {
			status.fail(result.code);
			done(new NodeError(result, words.vocabulary));
			return;
		}
		status.end();
		send(withPayload(message, result.payload));
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
		board.close();
		closing.abort();
		whenIdle = done;
		if (underWay === 0) done();
	});
}
