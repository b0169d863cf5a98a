import type { Node, NodeAPI, NodeDef } from 'node-red';

import { confirmEnd } from '../../../calls/confirmation';
import { invalidInput } from '../../../calls/failures';
import { outputOf } from '../../../calls/output';
import type { CallEvent } from '../../../providers/contract';
import { invalid } from '../../../providers/reading/values';
import { findAccount } from '../../host/account';
import type { AccountNode, UsableAccount } from '../../host/account';
import { NodeError, asOtpCallError } from '../../host/nodeError';
import { addressOf, readPath } from './address';
import { readOccasions, tellers } from './occasions';
import { createReceiver } from './receiver';
import { Registrar } from './registrar';
import type { NodeRegistration, RegistrarWatcher } from './registrar';
import { addRoute, middlewareOf } from './route';

interface EventConfig extends NodeDef {
	readonly account?: unknown;
	readonly triggerOn?: unknown;
	readonly path?: unknown;
	readonly publicUrl?: unknown;
	readonly confirmStatus?: unknown;
	readonly simplify?: unknown;
}

interface EventSecrets {
	/** A part of the address, made by the editor; only those who know it can deliver. */
	secret?: string;
}

type EventNode = Node<EventSecrets>;

const noHttp = () =>
	invalidInput(
		invalid(
			{ field: 'path', label: 'Path' },
			'cannot be served: this Node-RED has its paths for flows switched off',
			'Give httpNodeRoot in settings.js a path instead of false',
		),
	);

function readSecret(value: unknown): string {
	if (typeof value === 'string' && value.length >= 16) return value;
	throw invalidInput(
		invalid(
			{ field: 'secret', label: 'Secret' },
			typeof value === 'string' && value !== '' ? 'is too short' : 'is missing',
			'Open the node, press Done and deploy: the form makes a secret',
		),
	);
}

const pathTaken = () =>
	invalidInput(
		invalid(
			{ field: 'path', label: 'Path' },
			'is used by another node for call events already',
			'Give each of these nodes a path of its own',
		),
	);

/** A node that listens, or that could not be opened. */
interface Started {
	readonly registration: NodeRegistration | null;
	readonly close: () => void;
}

const rootOf = (RED: NodeAPI): unknown => RED.settings.httpNodeRoot;

/** What a node is opened with, once it has been checked. */
interface Place {
	readonly account: AccountNode & UsableAccount;
	readonly path: string;
	readonly secret: string;
	readonly occasions: readonly CallEvent['occasion'][];
}

/** @throws OtpCallError `invalid-input` */
function readPlace(RED: NodeAPI, node: EventNode, config: EventConfig): Place {
	// The types of Node-RED do not know that it can be switched off.
	if (rootOf(RED) === false) throw noHttp();
	const account = findAccount(RED, config.account);
	return {
		account,
		path: readPath(config.path),
		secret: readSecret(node.credentials?.secret),
		occasions: readOccasions(config.triggerOn, account.provider),
	};
}

/** What the node wants to be registered; null for a provider that a person has to tell the address. */
function registrationOf(RED: NodeAPI, config: EventConfig, place: Place): NodeRegistration | null {
	const { account, path, secret, occasions } = place;
	const { events } = account.provider;
	if (events === undefined) return null;
	const url = addressOf({ publicUrl: config.publicUrl, root: rootOf(RED), path, secret });
	const { baseUrl } = account.contextFor(new AbortController().signal);
	return {
		url,
		events,
		occasions,
		accountKey: `${baseUrl} ${account.secret}`,
		reopen: () => account.reopen(),
	};
}

/** Events that a provider delivers come in here, and go out as messages. */
export default function (RED: NodeAPI): void {
	const registrar = new Registrar();
	const paths = new Set<string>();
	const words = (key: string, values?: Record<string, string>): string =>
		RED._(`otp-call-event.${key}`, values);

	function fail(node: EventNode, error: unknown): void {
		const known = asOtpCallError(error, false);
		node.status({ fill: 'red', shape: 'ring', text: words(`status.${known.code}`) });
		node.error(new NodeError(known));
	}

	function receiverOf(node: EventNode, config: EventConfig, place: Place, signal: AbortSignal) {
		const { account, secret, occasions } = place;
		const simplify = config.simplify !== false;
		return createReceiver({
			provider: account.provider,
			secret,
			occasions,
			async reportOf(event) {
				const isAsked = config.confirmStatus === true && event.occasion === 'ended';
				if (!isAsked) return { ...event, unsettled: false };
				return await confirmEnd(account.contextFor(signal), event.call.callId);
			},
			passOn(event, report) {
				const { call } = report;
				const number = call.phoneNumber.length < 9 ? '' : ` •••${call.phoneNumber.slice(-4)}`;
				const text = `${words(`status.${call.status}`)}${number}`;
				node.status({ fill: 'green', shape: 'dot', text: text.slice(0, 19) });
				node.send({ topic: event.occasion, payload: outputOf(report, { simplify }) });
			},
			refused(why) {
				node.warn(words('log.refused', { why }));
			},
			failed(error) {
				fail(node, error);
			},
		});
	}

	function watcherOf(node: EventNode): RegistrarWatcher {
		return {
			registered() {
				node.status({ fill: 'green', shape: 'dot', text: words('status.registered') });
			},
			failed(error, triesAgain) {
				fail(node, error);
				if (!triesAgain) return;
				node.status({ fill: 'yellow', shape: 'ring', text: words('status.trying') });
			},
			notWithdrawn(error) {
				node.warn(words('log.notWithdrawn', { why: asOtpCallError(error, false).message }));
			},
		};
	}

	/** Listens on the node's path. @returns takes the path away again. @throws OtpCallError */
	function open(node: EventNode, config: EventConfig, place: Place): () => void {
		const { path } = place;
		if (paths.has(path)) throw pathTaken();
		const closing = new AbortController();
		const receiver = receiverOf(node, config, place, closing.signal);
		const removeRoute = addRoute(RED.httpNode, path, middlewareOf(RED.settings), receiver);
		paths.add(path);
		return () => {
			closing.abort();
			removeRoute();
			paths.delete(path);
		};
	}

	function start(node: EventNode, config: EventConfig): Started {
		try {
			const place = readPlace(RED, node, config);
			const registration = registrationOf(RED, config, place);
			const close = open(node, config, place);
			node.status(
				registration === null
					? { fill: 'green', shape: 'ring', text: words('status.listening') }
					: { fill: 'yellow', shape: 'ring', text: words('status.registering') },
			);
			return { registration, close };
		} catch (error) {
			fail(node, error);
			return { registration: null, close: () => undefined };
		}
	}

	function EventNodeConstructor(this: EventNode, config: EventConfig): void {
		RED.nodes.createNode(this, config);
		const { registration, close } = start(this, config);
		// Also of a node that could not be opened: it may have registered something before.
		const withdraw = registrar.register(this.id, registration, watcherOf(this));
		this.on('close', (removed: boolean, done: () => void) => {
			close();
			void withdraw(removed).finally(done);
		});
	}

	RED.nodes.registerType<EventNode, EventConfig, object, EventSecrets>(
		'otp-call-event',
		EventNodeConstructor,
		{
			// Text, because the form shows the address to paste; it is stored encrypted all the same.
			credentials: { secret: { type: 'text' } },
			settings: { otpCallEventProviders: { value: tellers, exportable: true } },
		},
	);
}
