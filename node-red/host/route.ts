import type { Node, NodeAPI } from 'node-red';

import type { Route } from './account';
import type { TlsOptions } from './connections';
import { proxyOfEnvironment, proxyOfNode } from './proxy';
import type { ProxyNode, ProxyOptions } from './proxy';

type TlsNode = Node & { addTLSOptions(options: TlsOptions): TlsOptions };

const isTlsNode = (node: Node | null): node is TlsNode =>
	node !== null && 'addTLSOptions' in node && typeof node.addTLSOptions === 'function';

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function readProxyNode(node: Node): ProxyNode {
	const noproxy = 'noproxy' in node && Array.isArray(node.noproxy) ? node.noproxy.map(textOf) : [];
	const credentials: unknown = node.credentials;
	const known: { username?: unknown; password?: unknown } =
		typeof credentials === 'object' && credentials !== null ? credentials : {};
	return {
		url: 'url' in node ? textOf(node.url) : '',
		noproxy: noproxy.filter((host) => host !== ''),
		username: textOf(known.username),
		password: textOf(known.password),
	};
}

const optionNames = ['favourUpperCase', 'lowerCaseOnly', 'excludeNpm'] as const;

/** `proxyOptions` of Node-RED's settings file. */
function readProxyOptions(settings: unknown): ProxyOptions {
	if (typeof settings !== 'object' || settings === null) return {};
	const options = new Map<string, unknown>(Object.entries(settings));
	return Object.fromEntries(optionNames.map((name) => [name, options.get(name) === true]));
}

/** Reads Node-RED's own TLS and proxy nodes that an account has chosen, and its settings. */
export function readRoute(
	RED: NodeAPI,
	chosen: { readonly tls?: unknown; readonly proxy?: unknown },
): Route {
	const nodeOf = (id: unknown): Node | null =>
		typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null;
	const tls = nodeOf(chosen.tls);
	const proxy = nodeOf(chosen.proxy);
	return {
		tls: isTlsNode(tls) ? tls.addTLSOptions({}) : undefined,
		proxyFor: (baseUrl) =>
			proxy === null
				? proxyOfEnvironment(
						baseUrl,
						process.env,
						readProxyOptions(
							'proxyOptions' in RED.settings ? RED.settings.proxyOptions : undefined,
						),
					)
				: proxyOfNode(baseUrl, readProxyNode(proxy)),
	};
}
