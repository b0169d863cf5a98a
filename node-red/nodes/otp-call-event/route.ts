import type { Express, RequestHandler } from 'express';

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
 * Lets a handler answer POST requests to a path.
 * @param before what the host's settings put before every path of a flow
 * @returns takes the route away again: that of this handler, whoever else uses the path
 */
export function addRoute(
	app: Express,
	path: string,
	before: readonly RequestHandler[],
	handler: RequestHandler,
): () => void {
	app.post(path, ...before, handler);
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
