import type { Node, NodeAPI, NodeMessage } from 'node-red';

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

/** What the messages of a node have in common. */
interface Host<Result> {
	readonly RED: NodeAPI;
	readonly node: Node;
	readonly words: NodeWords;
	readonly signal: AbortSignal;
	readonly work: Work<Result>;
	/** By which output of the node a result leaves, from 0. */
	readonly outputOf: (result: Result) => number;
}

/** Node-RED copies the message for Catch nodes, which a message of its own kind may not survive. */
function fail(node: Node, done: Done, error: NodeError): void {
	try {
		done(error);
	} catch {
		node.error(error.message);
	}
}

/**
 * A message from its arrival to its end. Thousands may wait in line at a time, so that it holds no more
 * than what is its own.
 */
class MessageUnderWay<Result> implements Message {
	readonly message: NodeMessage;
	readonly status: MessageStatus;
	readonly #host: Host<Result>;
	readonly #send: Send;
	/** The number that may ring, masked; null: none. */
	#number: string | null = null;

	constructor(host: Host<Result>, message: NodeMessage, status: MessageStatus, send: Send) {
		this.#host = host;
		this.message = message;
		this.status = status;
		this.#send = send;
	}

	get signal(): AbortSignal {
		return this.#host.signal;
	}

	emit(payload: unknown): void {
		this.#send({ ...this.#host.RED.util.cloneMessage(this.message), payload });
	}

	placing(phoneNumber: string): void {
		this.#number = maskPhoneNumber(phoneNumber);
	}

	placed({ callId, phoneNumber, provider }: Call): void {
		const { RED, node } = this.#host;
		// `node.log` makes an error of each line, for its stack: a sixth of the time of a whole call.
		RED.log.log({
			level: RED.log.INFO,
			id: node.id,
			type: node.type,
			...(node.name && { name: node.name }),
			msg: `Call placed (${provider}): ${maskPhoneNumber(phoneNumber)}, ${maskedId(callId)}`,
		});
	}

	/** Works on the message and ends it. Never rejects. */
	async run(done: Done): Promise<void> {
		const { outputOf, work } = this.#host;
		let payload: Result;
		try {
			checkTakesPayload(this.message);
			payload = await work(this);
		} catch (error) {
			this.#failed(error, done);
			return;
		}
		try {
			this.status.end();
			const { message } = this;
			message.payload = payload;
			const output = outputOf(payload);
			this.#send(output === 0 ? message : [...Array<null>(output).fill(null), message]);
			done();
		} catch {
			// What goes wrong in the nodes behind this one is theirs.
		}
	}

	#failed(error: unknown, done: Done): void {
		const { node, signal, words } = this.#host;
		const known = asOtpCallError(error, this.#number !== null);
		// Catch nodes may be closed before they hear it: of what may have been placed the log has to know.
		if (signal.aborted && known.facts.callMayHaveBeenPlaced) {
			node.warn(`${this.#number ?? ''} ${new NodeError(known, words.vocabulary).message}`.trim());
		}
		try {
			this.status.fail(known.code);
			fail(node, done, new NodeError(known, words.vocabulary));
		} catch {
			// Nothing may reject here.
		}
	}
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
	const host: Host<Result> = { RED, node, words, signal: closing.signal, work, outputOf };
	let underWay = 0;
	let whenIdle: () => void = () => undefined;
	const ended = (): void => {
		underWay -= 1;
		if (underWay === 0) whenIdle();
	};

	node.on('input', (message, send, done) => {
		underWay += 1;
		new MessageUnderWay(host, message, board.begin(), send).run(done).then(ended, ended);
	});
	node.on('close', (done: () => void) => {
		unwatch();
		board.close();
		closing.abort();
		whenIdle = done;
		if (underWay === 0) done();
	});
}
