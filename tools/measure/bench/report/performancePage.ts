import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { machine, writeFigures } from './page';
import { type Measured, tableOf } from './table';

const PAGE = fileURLToPath(new URL('../../../../docs/performance.md', import.meta.url));

/** Puts the tables of a run into docs/performance.md. */
export async function writePerformancePage(
	measured: readonly Measured[],
	rounds: number,
): Promise<void> {
	const conditions = `Medians of ${String(rounds)} ${rounds === 1 ? 'round' : 'rounds'} on ${machine()}; n8n-core ${versionOf('n8n-core')}, Node-RED ${versionOf('node-red')}. Simulator and host share the cores.`;
	const tables = Object.fromEntries(measured.map((each) => [each.comparison.name, tableOf(each)]));
	await writeFigures(PAGE, { conditions, ...tables });
}

function versionOf(name: string): string {
	const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`);
	return typeof manifest === 'object' && manifest !== null && 'version' in manifest
		? String(manifest.version)
		: 'unknown';
}
