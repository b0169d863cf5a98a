import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';

import nodeRed from 'node-red';

import type { DemoFlow } from './flow';
import { address, usualPort } from './port';

const settingsFor = (userDir: string) => ({
	uiHost: address,
	uiPort: usualPort,
	userDir,
	flowFile: 'flows.json',
	// Simulated tokens, in a folder that only this user can read and that is removed at the end.
	credentialSecret: false as const,
	httpAdminRoot: '/',
	httpNodeRoot: '/',
	logging: { console: { level: 'error' as const, metrics: false, audit: false } },
	telemetry: { enabled: false, updateNotification: false },
	diagnostics: { enabled: false },
	editorTheme: {
		tours: false,
		page: { title: 'OTP call demo' },
		header: { title: 'OTP call demo' },
		// The catalogue of all palettes would be fetched from the internet.
		palette: { catalogues: [] },
	},
});

/**
 * Runs a flow in a real Node-RED in this process, and serves it and the editor.
 * @returns ends every flow
 */
export async function startHost(
	server: Server,
	userDir: string,
	{ nodes, credentials }: DemoFlow,
): Promise<() => Promise<void>> {
	await writeFile(join(userDir, 'flows.json'), JSON.stringify(nodes, null, 2));
	await writeFile(join(userDir, 'flows_cred.json'), JSON.stringify(credentials));
	server.removeAllListeners('request');
	nodeRed.init(server, settingsFor(userDir));
	// The editor first, then the paths of the flow, as in a Node-RED of its own.
	server.on('request', nodeRed.httpAdmin.use(nodeRed.httpNode));
	// start() resolves before the flows run.
	const running = new Promise((resolve) => nodeRed.events.once('flows:started', resolve));
	await nodeRed.start();
	await running;
	return () => nodeRed.stop();
}
