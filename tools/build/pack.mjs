// Packs both packages, as npm would publish them, and says what to paste to install each file in its host: neither
// package has to be in a registry for that.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { pack, root } from './unpack.mjs';

const usage = `Usage: npm run pack -- [options]

  --to <folder>  where the files go; default: packed/ in this repository`;

/** What npm must not do: get n8n-workflow, which n8n has, and run scripts of strangers. */
const n8nFlags = '--legacy-peer-deps --ignore-scripts';

const instructions = (n8n, nodeRed) => `
n8n (self-hosted; its Settings take packages of the npm registry only)

  npm install --prefix ~/.n8n/nodes ${n8nFlags} ${n8n}

  Then start n8n anew. Where N8N_USER_FOLDER is set, it stands in place of ~. For n8n in Docker, with
  the name of your container in place of n8n:

  docker cp ${n8n} n8n:/tmp/otp-call.tgz
  docker exec n8n npm install --prefix /home/node/.n8n/nodes ${n8nFlags} /tmp/otp-call.tgz
  docker restart n8n

Node-RED

  In the editor: Menu → Manage palette → Install → the upload button beside the search; choose the file
  ${nodeRed}

  or in a terminal, then start Node-RED anew:

  npm install --prefix ~/.node-red ${nodeRed}
`;

/** In quotes where a shell would take it apart. */
const asWord = (path) =>
	/[^\w@%+=:,./-]/.test(path) ? `'${path.replaceAll("'", `'\\''`)}'` : path;

try {
	const { values } = parseArgs({
		options: { to: { type: 'string', default: join(root, 'packed') }, help: { type: 'boolean' } },
	});
	if (values.help) console.log(usage);
	else {
		const folder = resolve(values.to);
		mkdirSync(folder, { recursive: true });
		// Of earlier versions: nobody shall install them by mistake.
		const old = /^(?:n8n-nodes-otp-call|otp-call-node-red-otp-call)-\d.*\.tgz$/;
		for (const name of readdirSync(folder)) if (old.test(name)) rmSync(join(folder, name));
		const [n8n, nodeRed] = ['n8n-nodes-otp-call', '@otp-call/node-red-otp-call'].map((name) =>
			asWord(pack(name, folder).tarball),
		);
		console.log(instructions(n8n, nodeRed));
	}
} catch (error) {
	console.error(`${error.message}\n\n${usage}`);
	process.exitCode = 1;
}
