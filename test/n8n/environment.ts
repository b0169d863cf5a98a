import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// n8n-core reads these when it is loaded, and writes a key file into the folder.
if (process.env['N8N_USER_FOLDER'] === undefined) {
	const folder = mkdtempSync(join(tmpdir(), 'otp-call-n8n-'));
	process.env['N8N_USER_FOLDER'] = folder;
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
process.env['N8N_ENCRYPTION_KEY'] ??= 'a key for tests only';
process.env['N8N_DIAGNOSTICS_ENABLED'] ??= 'false';
// Each placed call stands in its log, and so would those of all tests.
process.env['N8N_LOG_LEVEL'] ??= 'silent';
