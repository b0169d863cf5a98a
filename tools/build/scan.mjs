// n8n's verification scan, as its reviewers run it: on the source and on what npm would publish.
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

import { root, withUnpacked } from './unpack.mjs';

const packageName = 'n8n-nodes-otp-call';
const results = [
	['source', await analyzePackage(root, SOURCE_FILE_PATTERNS)],
	['tarball', await withUnpacked(packageName, (folder) => analyzePackage(folder))],
];

for (const [what, { passed, message, details }] of results) {
	console.log(`n8n scan of the ${what}: ${passed ? 'passed' : `failed, ${message}`}`);
	if (details) console.log(details);
}
process.exitCode = results.every(([, { passed }]) => passed) ? 0 : 1;
