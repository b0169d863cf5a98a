/** A proxy to go through. */
export interface Proxy {
	/** Such as `http://proxy.example.com:3128`; may hold a user name and a password. */
	readonly url: string;
	/** For the proxy itself; '' for none. */
	readonly username: string;
	readonly password: string;
}

/** What Node-RED's settings file may say of proxies (`proxyOptions`). */
export interface ProxyOptions {
	readonly favourUpperCase?: boolean;
	readonly lowerCaseOnly?: boolean;
	readonly excludeNpm?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads one of the proxy variables, which exist in lower case and in upper case. */
function variableReader(env: Environment, options: ProxyOptions): (name: string) => string {
	return (name) => {
		if (options.excludeNpm && name.startsWith('npm_config_')) return '';
		const [lower, upper] = [env[name.toLowerCase()], env[name.toUpperCase()]];
		if (options.lowerCaseOnly) return lower ?? '';
		return (options.favourUpperCase ? upper || lower : lower || upper) ?? '';
	};
}

/** One entry of NO_PROXY: `example.com`, `.example.com`, `*.example.com`, each also with a port. */
function excludes(entry: string, host: string, port: number): boolean {
	const [, name = entry, itsPort = ''] = /^(.+):(\d+)$/.exec(entry) ?? [];
	if (itsPort !== '' && Number(itsPort) !== port) return false;
	if (!/^[.*]/.test(name)) return host === name;
	return host.endsWith(name.replace(/^\*/, ''));
}

function isExcluded(url: URL, list: string): boolean {
	const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
	const entries = list
		.toLowerCase()
		.split(/[,\s]/)
		.filter((entry) => entry !== '');
	return list === '*' || entries.some((entry) => excludes(entry, url.hostname, port));
}

/**
 * The proxy that the environment names for this URL, by the rules of Node-RED's own http request node;
 * null when there is none.
 */
export function proxyOfEnvironment(
	url: string,
	env: Environment,
	options: ProxyOptions = {},
): Proxy | null {
	const variable = variableReader(env, options);
	const target = new URL(url);
	const noProxy = variable('npm_config_no_proxy') || variable('no_proxy');
	if (isExcluded(target, noProxy)) return null;
	const scheme = target.protocol.replace(':', '');
	const proxy =
		variable(`npm_config_${scheme}_proxy`) ||
		variable(`${scheme}_proxy`) ||
		variable('npm_config_proxy') ||
		variable('all_proxy');
	if (proxy === '') return null;
	const address = proxy.includes('://') ? proxy : `${scheme}://${proxy}`;
	return { url: address, username: '', password: '' };
}

/** What a node of Node-RED's type `http proxy` holds. */
export interface ProxyNode {
	readonly url: string;
	readonly noproxy: readonly string[];
	readonly username: string;
	readonly password: string;
}

/** The proxy that a proxy node names for this URL; null when the node excludes the host. */
export function proxyOfNode(url: string, node: ProxyNode): Proxy | null {
	if (node.url === '' || isExcluded(new URL(url), node.noproxy.join(','))) return null;
	return { url: node.url, username: node.username, password: node.password };
}
