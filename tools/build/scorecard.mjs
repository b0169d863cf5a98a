// Node-RED's scorecard on the packed palette. Its checks of the package and of the nodes are run as they
// are; what they ask of the public catalogue and the registry is answered from the Node-RED versions that
// are installed here, so that the result does not depend on a network. Not judged that way: whether
// another palette has the same name (P08, N01), and the state of undici's own dependencies (D02, D03).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

import { withUnpacked } from './unpack.mjs';

const require = createRequire(import.meta.url);
const devRequire = createRequire(require.resolve('node-red-dev/package.json'));
const installed = ['node-red', 'node-red-4'].map((name) =>
	JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')),
);

const catalogue = { modules: [] };
const nodeRed = {
	'dist-tags': { latest: installed[0].version, maintenance: installed[1].version },
	versions: Object.fromEntries(installed.map((host) => [host.version, host])),
};
devRequire('axios').get = async (url) => ({
	data: url.endsWith('/catalogue.json') ? catalogue : nodeRed,
});

const problems = [];
const report = {
	log: (line) => console.log(line),
	warn: (line) => problems.push(line),
	error: (error) => problems.push(String(error?.message ?? error)),
};

const mostDependencies = 6;

await withUnpacked('@otp-call/node-red-otp-call', async (folder) => {
	const scorecard = {};
	await devRequire('./src/libs/checkpackage')(folder, report, scorecard, false);
	await devRequire('./src/libs/checknodes')(folder, report, scorecard, false);
	// The scorecard reads the example flows after its promise has settled.
	await pause(200);
	const { dependencies } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
	const count = Object.keys(dependencies).length;
	if (count > mostDependencies) problems.push(`D01 ${count} dependencies`);
	if (scorecard.N02?.test !== true) problems.push('N02 a node without an example flow');
});

for (const problem of problems) console.log(`✗ ${problem}`);
console.log(`Node-RED scorecard: ${problems.length === 0 ? 'passed' : 'failed'}`);
// The scorecard leaves a reader on the standard input open.
process.exit(problems.length === 0 ? 0 : 1);
