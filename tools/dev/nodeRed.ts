import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { DevHost } from './host';

const settingsFor = (userDir: string): string =>
	`module.exports = ${JSON.stringify(
		{
			userDir,
			flowFile: 'flows.json',
			flowFilePretty: true,
			credentialSecret: 'development',
			telemetry: { enabled: false, updateNotification: false },
			diagnostics: { enabled: false },
			editorTheme: {
				tours: false,
				// The catalogue of all palettes would be fetched from the internet.
				palette: { catalogues: [] },
			},
		},
		null,
		2,
	)};\n`;

/** Node-RED 5 with our palette in a user directory that is kept, so that a flow is there the next day. */
export function nodeRedHost(repository: string, folder: string, port: number): DevHost {
	const userDir = join(folder, 'user');
	const ours = join(repository, 'node-red');
	return {
		title: 'Node-RED',
		packageFolder: join(userDir, 'node_modules', '@otp-call', 'node-red-otp-call'),
		url: `http://127.0.0.1:${port}`,
		isReadyAt: '/settings',
		reloadsItself: false,
		sources: ['node-red'],
		async prepare() {
			await mkdir(this.packageFolder, { recursive: true });
			await copyFile(join(ours, 'package.json'), join(this.packageFolder, 'package.json'));
			await writeFile(join(folder, 'settings.js'), settingsFor(userDir));
			const flows = join(userDir, 'flows.json');
			if (!existsSync(flows)) await copyFile(join(ours, 'examples', 'first call.json'), flows);
		},
		command() {
			const main = createRequire(import.meta.url).resolve('node-red/red.js');
			const args = [main, '--settings', join(folder, 'settings.js'), '--port', String(port)];
			return { args, cwd: folder, env: { NODE_COMPILE_CACHE: join(folder, 'compiled') } };
		},
	};
}
