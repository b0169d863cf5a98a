import type { Node, NodeAPI, NodeDef } from 'node-red';

import { wordsOf } from '../../../calls/errors';
import { confirmEnd, readEventTypes } from '../../../calls/events';
import { invalidInput } from '../../../calls/failures';
import { accountField, waitForResultField } from '../../../calls/fields';
import { checkReachable } from '../../../calls/registrations';
import { outputOf } from '../../../calls/output';
import type { EventType, Provider, ProviderEvents } from '../../../providers/contract';
import { invalid, named } from '../../../providers/fields';
import { pathField, publicUrlField, secretField } from '../../forms/fields';
import { migrateEvent } from '../../forms/migrations';
import type { Properties } from '../../forms/migrations';
import { findAccount } from '../../host/account';
import type { AccountNode, UsableAccount } from '../../host/account';
import { clock } from '../../host/clock';
import { NodeError, asOtpCallError } from '../../host/nodeError';
import { statusText } from '../../host/statusBoard';
import { wordsOfNode } from '../../host/words';
import { addressOf, readPath } from './address';
import { addRoute, createReceiver, middlewareOf } from './receiver';
import { Registrar } from './registrar';
import type { NodeRegistration, RegistrarWatcher } from './registrar';

interface EventSecrets {
	/** A part of the address, made by the editor; only those who know it can deliver. */
	secret?: string;
}

type EventNode = Node<EventSecrets>;

const noHttp = () =>
	invalidInput(
		invalid(
			pathField,
			'cannot be served: this Node-RED has its paths for flows switched off',
			'Give httpNodeRoot in settings.js a path instead of false',
		),
	);

function readSecret(value: unknown): string {
	if (typeof value === 'string' && value.length >= 16) return value;
	throw invalidInput(
		invalid(
			secretField,
			typeof value === 'string' && value !== '' ? 'is too short' : 'is missing',
			'Open the node, press Done and deploy: the form makes a secret',
		),
	);
}

const pathTaken = () =>
	invalidInput(
		invalid(
			pathField,
			'is used by another node for call events already',
			'Give each of these nodes a path of its own',
		),
	);

/** @throws OtpCallError `invalid-input` for a provider that delivers none */
function eventsOf({ events, label }: Provider): ProviderEvents {
	if (events !== undefined) return events;
	throw invalidInput(
		invalid(
			accountField,
			`is of ${label}, which delivers no events`,
			`Choose an account of another provider, or follow the call with ${named(waitForResultField)} in the node ‹sendNode›`,
		),
	);
}

/** A node that listens, or that could not be opened. */
interface Started {
	readonly registration: NodeRegistration | null;
	readonly close: () => void;
}

const rootOf = (RED: NodeAPI): unknown => RED.settings.httpNodeRoot;

/** What a node is opened with, once it has been checked. */
interface Place {
	readonly account: AccountNode & UsableAccount;
	readonly events: ProviderEvents;
	readonly path: string;
	readonly secret: string;
	readonly types: readonly EventType[];
}

/** @throws OtpCallError `invalid-input` */
function readPlace(RED: NodeAPI, node: EventNode, properties: Properties): Place {
	// The types of Node-RED do not know that it can be switched off.
	if (rootOf(RED) === false) throw noHttp();
	const account = findAccount(RED, properties['account']);
	return {
		account,
		path: readPath(properties['path']),
		secret: readSecret(node.credentials?.secret),
		events: eventsOf(account.provider),
		types: readEventTypes(properties['triggerOn'], account.provider),
	};
}

/** What the node wants to be registered; null for a provider that a person has to tell the address. */
function registrationOf(
	RED: NodeAPI,
	{ publicUrl }: Properties,
	place: Place,
): NodeRegistration | null {
	const { account, events, path, secret, types } = place;
	if (events.registration === undefined) return null;
	const { baseUrl, lastingSecret } = account.contextFor(new AbortController().signal);
	return {
		url: addressOf({ publicUrl, root: rootOf(RED), path, secret }),
		events: events.registration,
		types,
		accountKey: `${baseUrl} ${lastingSecret}`,
		reopen: () => account.reopen(),
	};
}

/** Events that a provider delivers come in here, and go out as messages. */
export default function (RED: NodeAPI): void {
	const registrar = new Registrar();
	const paths = new Set<string>();
	const { translate: words, vocabulary } = wordsOfNode(RED, 'otp-call-event');

	/** A word of a status, and when it was so. */
	const withTime = (key: string, phoneNumber: string | null = null): string => {
		const isRightToLeft = words('direction') === 'rtl';
		return statusText(words(`status.${key}`), { phoneNumber, at: clock.now(), isRightToLeft });
	};

	function fail(node: EventNode, error: unknown): void {
		const known = asOtpCallError(error, false);
		node.status({ fill: 'red', shape: 'ring', text: withTime(known.code) });
		node.error(new NodeError(known, vocabulary));
	}

	function receiverOf(node: EventNode, properties: Properties, place: Place, signal: AbortSignal) {
		const { account, secret, types } = place;
		const simplify = properties['simplify'] !== false;
		return createReceiver({
			provider: account.provider,
			secret,
			types,
			async reportOf({ type, report }) {
				const isAsked = properties['confirmStatus'] === true && type === 'ended';
				if (!isAsked) return report;
				return await confirmEnd(account.contextFor(signal), report.call);
			},
			arrived({ type, report }) {
				if (type === 'ended') account.ended.tell(report.call.callId);
			},
			passOn({ type }, report) {
				const { call } = report;
				const text = withTime(call.status, call.phoneNumber);
				node.status({ fill: 'green', shape: 'dot', text });
				node.send({ topic: type, payload: outputOf(report, { simplify }) });
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
				const { message } = wordsOf(asOtpCallError(error, false), vocabulary);
				node.warn(words('log.notWithdrawn', { why: message }));
			},
		};
	}

	/** Lets the sends of the account tell the provider this node's address. @throws OtpCallError */
	function offerAddress({ publicUrl }: Properties, place: Place): () => void {
		const { account, events, path, secret } = place;
		if (events.perCall === undefined) return () => undefined;
		const url = addressOf({ publicUrl, root: rootOf(RED), path, secret });
		checkReachable(account.contextFor(new AbortController().signal), url, publicUrlField);
		account.callbacks.add(url);
		return () => account.callbacks.delete(url);
	}

	/** Listens on the node's path. @returns takes the path away again. @throws OtpCallError */
	function open(node: EventNode, properties: Properties, place: Place): () => void {
		const { events, path } = place;
		if (paths.has(path)) throw pathTaken();
		const withdraw = offerAddress(properties, place);
		const closing = new AbortController();
		const receiver = receiverOf(node, properties, place, closing.signal);
		const before = middlewareOf(RED.settings);
		const removeRoute = addRoute(RED.httpNode, events.method, path, before, receiver);
		paths.add(path);
		return () => {
			closing.abort();
			withdraw();
			removeRoute();
			paths.delete(path);
		};
	}

	function start(node: EventNode, properties: Properties): Started {
		try {
			const place = readPlace(RED, node, properties);
			const registration = registrationOf(RED, properties, place);
			const close = open(node, properties, place);
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

	function EventNodeConstructor(this: EventNode, config: NodeDef): void {
		RED.nodes.createNode(this, config);
		const { registration, close } = start(this, migrateEvent({ ...config }));
		// Also of a node that could not be opened: it may have registered something before.
		const withdraw = registrar.register(this.id, registration, watcherOf(this));
		this.on('close', (removed: boolean, done: () => void) => {
			close();
			void withdraw(removed).finally(done);
		});
	}

	RED.nodes.registerType<EventNode, NodeDef, object, EventSecrets>(
		'otp-call-event',
		EventNodeConstructor,
		// Text, because the form shows the address to paste; it is stored encrypted all the same.
		{ credentials: { secret: { type: 'text' } } },
	);
}
