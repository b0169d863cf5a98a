import type { NodeAPI } from 'node-red';

/**
 * What this Node-RED has made up for itself at its first start and keeps beside its own settings, not in a
 * context store; null where it cannot keep any.
 * @see \@node-red/runtime/lib/index: `instanceId`
 */
export function instanceIdOf({ settings }: NodeAPI): string | null {
	const get: unknown = Reflect.get(settings, 'get');
	if (typeof get !== 'function') return null;
	try {
		const id: unknown = Reflect.apply(get, settings, ['instanceId']);
		return typeof id === 'string' && id !== '' ? id : null;
	} catch {
		return null;
	}
}
