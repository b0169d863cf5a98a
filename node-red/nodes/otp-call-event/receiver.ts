import type { Express, Request, RequestHandler, Response } from 'express';

import { SeenEvents, isSecret, longestDelivery, readDelivery } from '../../../calls/events';
import type { DeliveredEvent } from '../../../calls/events';
import type { CallReport } from '../../../calls/report';
import type { EventType, Provider, ProviderEvents } from '../../../providers/contract';

type DeliveredBody =
	| { readonly is: 'text'; readonly text: string }
	| { readonly is: 'too-long' }
	| { readonly is: 'unreadable' };

const unreadable: DeliveredBody = { is: 'unreadable' };
const tooLong: DeliveredBody = { is: 'too-long' };

const textOf = (bytes: Uint8Array): DeliveredBody => {
	if (bytes.length > longestDelivery) return tooLong;
	try {
		return { is: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
	} catch {
		return unreadable;
	}
};

function readStream(request: Request): Promise<DeliveredBody> {
	// No provider compresses a kilobyte, and what unpacks may become any size.
	if (request.headers['content-encoding'] !== undefined) return Promise.resolve(unreadable);
	return new Promise((resolve) => {
		const pieces: Buffer[] = [];
		let length = 0;
		request.on('data', (piece: Buffer) => {
			length += piece.length;
			// What comes after the limit is let go, so that the answer can still be read.
			if (length <= longestDelivery) pieces.push(piece);
			else resolve(tooLong);
		});
		request.once('end', () => {
			resolve(textOf(Buffer.concat(pieces)));
		});
		request.once('close', () => {
			resolve(unreadable);
		});
	});
}

/**
 * The body of a delivery as text. Where the editor and the flows share a root, Node-RED's editor has
 * read JSON and forms before the flows are asked.
 */
async function readBody(request: Request): Promise<DeliveredBody> {
	if (request.method === 'GET') return { is: 'text', text: '' };
	if (Number(request.headers['content-length'] ?? 0) > longestDelivery) return tooLong;
	if (!request.readableEnded) return await readStream(request);
	const parsed: unknown = request.body;
	if (parsed === undefined || parsed === null) return unreadable;
	return textOf(new TextEncoder().encode(JSON.stringify(parsed)));
}

/**
 * The parameters of the address; one that came twice is none. Some providers append theirs with a second
 * question mark to an address that has a parameter already.
 */
function parametersOf({ url }: Request): Readonly<Record<string, string>> {
	const [, ...parameters] = url.split('?');
	const all = [...new URLSearchParams(parameters.join('&'))];
	const isAlone = (name: string): boolean => all.filter(([other]) => other === name).length === 1;
	return Object.fromEntries(all.filter(([name]) => isAlone(name)));
}

/** What a receiver does with what arrives. */
interface Reception {
	readonly provider: Provider;
	readonly secret: string;
	/** The types of events that are passed on. */
	readonly types: readonly EventType[];
	/**
	 * The call to put out for an event; null when the provider does not confirm it.
	 * @throws when the provider cannot be asked
	 */
	reportOf(event: DeliveredEvent): Promise<CallReport | null>;
	/** Told of every event, whether it is to be passed on or not. */
	arrived(event: DeliveredEvent): void;
	passOn(event: DeliveredEvent, report: CallReport): void;
	/** Told of a delivery that was refused, without a word of its content. */
	refused(why: string): void;
	failed(error: unknown): void;
}

const answer = (response: Response, status: number, words: string): void => {
	// What is left of a body that was not read to its end would be taken for the next request.
	if (status >= 400) response.set('connection', 'close');
	response.status(status).type('text/plain').send(words);
};

/** Answers one delivery: 401, 413, 400, 503, or 200 for an event, whether it is passed on or known. */
export function createReceiver(reception: Reception): RequestHandler {
	const { provider } = reception;
	const seen = new SeenEvents();

	const refuse = (response: Response, status: number, why: string): void => {
		answer(response, status, why);
		reception.refused(why);
	};

	const passOn = async (event: DeliveredEvent, response: Response): Promise<void> => {
		try {
			const report = await reception.reportOf(event);
			if (report !== null) {
				reception.passOn(event, report);
				answer(response, 200, 'OK');
				return;
			}
			seen.forget(event);
			refuse(response, 503, `${provider.label} has no ended call like this`);
		} catch (error) {
			// A provider that repeats what was not taken gives it another try.
			seen.forget(event);
			answer(response, 503, 'The event cannot be confirmed now');
			reception.failed(error);
		}
	};

	const receive = async (request: Request, response: Response): Promise<void> => {
		// Express hands it to whoever takes GET; it only asks whether somebody is there.
		if (request.method === 'HEAD') {
			answer(response, 405, 'Not a delivery');
			return;
		}
		const { secret, ...parameters } = parametersOf(request);
		if (!isSecret(secret, reception.secret)) {
			answer(response, 401, 'This is not the whole address');
			return;
		}
		const body = await readBody(request);
		if (body.is === 'too-long') {
			refuse(response, 413, 'its body is too long');
			return;
		}
		const event = body.is === 'text' ? readDelivery(provider, body.text, parameters) : null;
		if (event !== null) reception.arrived(event);
		if (event === null) refuse(response, 400, `it is no event of ${provider.label}`);
		else if (!reception.types.includes(event.type)) answer(response, 200, 'Not asked for');
		else if (!seen.isNew(event)) answer(response, 200, 'Known already');
		else await passOn(event, response);
	};

	return (request, response) => {
		receive(request, response).catch((error: unknown) => {
			reception.failed(error);
			response.destroy();
		});
	};
}

type Part = Readonly<Record<string, unknown>>;

const isPart = (value: unknown): value is Part =>
	(typeof value === 'object' || typeof value === 'function') && value !== null;

const listIn = (part: unknown, name: string): unknown[] => {
	const list = isPart(part) ? part[name] : undefined;
	return Array.isArray(list) ? list : [];
};

/** The routes of an application. Express 4 refuses to be asked for `router`. */
const routesOf = (app: Express): unknown[] => {
	const parts: unknown = app;
	if (!isPart(parts)) return [];
	return listIn(parts['_router'] ?? parts['router'], 'stack');
};

const holds = (layer: unknown, handler: RequestHandler): boolean =>
	isPart(layer) &&
	listIn(layer['route'], 'stack').some((each) => isPart(each) && each['handle'] === handler);

/**
 * Lets a handler answer the provider's requests to a path.
 * @param before what the host's settings put before every path of a flow
 * @returns takes the route away again: that of this handler, whoever else uses the path
 */
export function addRoute(
	app: Express,
	method: ProviderEvents['method'],
	path: string,
	before: readonly RequestHandler[],
	handler: RequestHandler,
): () => void {
	if (method === 'GET') app.get(path, ...before, handler);
	else app.post(path, ...before, handler);
	return () => {
		const routes = routesOf(app);
		const index = routes.findIndex((layer) => holds(layer, handler));
		if (index !== -1) routes.splice(index, 1);
	};
}

/** What the host's settings put before every path of a flow. */
export function middlewareOf(settings: {
	readonly httpNodeMiddleware?: unknown;
}): RequestHandler[] {
	const { httpNodeMiddleware: given } = settings;
	const list: readonly unknown[] = Array.isArray(given) ? given : [given];
	return list.filter((each): each is RequestHandler => typeof each === 'function');
}
