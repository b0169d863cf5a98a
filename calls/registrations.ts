import type { EventRegistration, EventType, RegisteredEvent } from '../providers/contract';
import { everywhere, invalid } from '../providers/fields';
import type { FieldName } from '../providers/fields';
import { exchange } from './context';
import type { CallContext } from './context';
import { declined, failureOf, invalidInput, question, unreachable, unreadable } from './failures';
import { ask } from './status';

const privateHost =
	/^(localhost|.+\.(localhost|local|internal)|127\..*|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|169\.254\..*|0\.0\.0\.0|\[::1?\]|\[f[cd].*|\[fe[89ab].*)$/;

const parse = (url: string): URL | null => (URL.canParse(url) ? new URL(url) : null);

const isPrivate = (url: URL | null): boolean => url === null || privateHost.test(url.hostname);

const webhookUrl: FieldName = { name: 'url', label: everywhere('Webhook URL') };

/**
 * @param field what an error is to name
 * @throws OtpCallError `invalid-input` when nobody on the internet can reach the URL
 */
export function checkReachable(
	context: CallContext,
	url: string,
	field: FieldName = webhookUrl,
): URL {
	const address = parse(url);
	const isWeb = address?.protocol === 'https:' || address?.protocol === 'http:';
	// A provider on this very machine can reach what nobody else can.
	const isNear = isPrivate(parse(context.baseUrl));
	if (address !== null && isWeb && (isNear || !isPrivate(address))) return address;
	const { label } = context.provider;
	throw invalidInput(
		invalid(
			field,
			isWeb
				? `is ${address?.origin}, which ${label} cannot reach from the internet`
				: 'is not a web address',
			'Give this host a public address (in n8n: WEBHOOK_URL; in Node-RED: Public URL of the node), then activate or run it again',
		),
	);
}

/** From this length on a part of a URL may be the secret by which its receiver knows the provider. */
const secretLength = 8;

/**
 * A context for errors, which keeps the secret in the receiver's URL out of them too. Not for requests:
 * a list would come without the URL that is looked for.
 */
function withSecretUrl(context: CallContext, url: URL): CallContext {
	const parts = [...url.pathname.split('/'), ...url.searchParams.values()];
	const secrets = [url.href, ...parts.filter((part) => part.length >= secretLength)];
	return { ...context, credentials: () => [...context.credentials(), ...secrets] };
}

async function listRegistered(
	context: CallContext,
	events: EventRegistration,
): Promise<readonly RegisteredEvent[]> {
	const answer = await ask(context, events.list());
	if (answer.status < 200 || answer.status > 299) throw failureOf(context, question, answer);
	const registered = events.readList(answer);
	if (registered === null) throw unreadable(context, question, answer, 'is not a list of events');
	return registered;
}

const namesOf = (events: EventRegistration, types: readonly EventType[]): readonly string[] =>
	types.flatMap((type) => events.names[type] ?? []);

/** Whether the provider already tells this URL of events of each of these types. @throws OtpCallError */
export async function isRegistered(
	context: CallContext,
	events: EventRegistration,
	types: readonly EventType[],
	url: string,
): Promise<boolean> {
	const registered = await listRegistered(context, events);
	return namesOf(events, types).every((name) =>
		registered.some((entry) => entry.url === url && entry.event === name),
	);
}

/**
 * Has the provider tell this URL of events of these types, and no more of others; what is registered already
 * stays, and registrations of other URLs are not touched.
 * @throws OtpCallError
 */
export async function register(
	context: CallContext,
	events: EventRegistration,
	types: readonly EventType[],
	url: string,
): Promise<void> {
	const careful = withSecretUrl(context, checkReachable(context, url));
	const wanted = namesOf(events, types);
	const own = (await listRegistered(context, events)).filter((entry) => entry.url === url);
	for (const name of wanted) {
		if (own.some(({ event }) => event === name)) continue;
		const answer = await exchange(context, events.create(name, url));
		if (answer.is !== 'answered') throw unreachable(context, answer.code);
		if (answer.status < 200 || answer.status > 299) throw failureOf(careful, question, answer);
		if (!events.readCreated(answer)) {
			throw declined(careful, question, answer, context.provider.readProblem(answer));
		}
	}
	const kept = new Set<string>();
	for (const entry of own) {
		// An earlier activation may have left events of other types, or the same one twice.
		if (wanted.includes(entry.event) && !kept.has(entry.event)) kept.add(entry.event);
		else await remove(context, events, entry);
	}
}

async function remove(
	context: CallContext,
	events: EventRegistration,
	entry: RegisteredEvent,
): Promise<void> {
	const answer = await ask(context, events.remove(entry.id));
	if (answer.status === 404 || (answer.status >= 200 && answer.status < 300)) return;
	throw failureOf(context, question, answer);
}

/** Ends every registration of this URL, and only of this one. @throws OtpCallError */
export async function unregister(
	context: CallContext,
	events: EventRegistration,
	url: string,
): Promise<void> {
	for (const entry of await listRegistered(context, events)) {
		if (entry.url === url) await remove(context, events, entry);
	}
}
