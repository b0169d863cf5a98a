import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { callStatuses } from '../../providers/call';
import { errorKinds } from '../../calls/errors';
import { at } from './runningFlow';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../node-red/', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(`${root}${path}`, 'utf8'));

/** The paths of all words. */
function pathsIn(value: unknown, path = ''): readonly string[] {
	if (typeof value !== 'object' || value === null) return [path];
	return Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, `${path}/${key}`));
}

const files = globSync('{locales,nodes/*/locales}/*.json', { cwd: root });
const shared = files.filter((file) => file.startsWith('locales/'));

describe('The words of the Node-RED package', () => {
	it('are there in three languages for each node, and for all of them', () => {
		const folders = new Map<string, string[]>();
		for (const file of files) {
			const [folder = '', name = ''] = file.split(/\/(?=[^/]*$)/);
			folders.set(folder, [...(folders.get(folder) ?? []), name].sort());
		}
		assert.equal(folders.size, 6);
		for (const names of folders.values()) {
			assert.deepEqual(names, ['en-US.json', 'fa.json', 'vi.json']);
		}
	});

	for (const file of files) {
		it(`are complete: ${file}`, () => {
			const english = read(file.replace(/[\w-]+\.json$/, 'en-US.json'));
			assert.deepEqual(pathsIn(read(file)).toSorted(), pathsIn(english).toSorted());
		});
	}

	it('tell in three languages how each node is used', () => {
		const nodes = globSync('nodes/*', { cwd: root });
		assert.equal(nodes.length, 5);
		for (const node of nodes) {
			const helps = globSync(`${node}/help/*.html`, { cwd: root });
			const languages = helps.map((file) => file.replace(/^.*\//, '')).sort();
			assert.deepEqual(languages, ['en-US.html', 'fa.html', 'vi.html'], node);
			for (const file of helps) {
				const type = node.replace('nodes/', '');
				assert.match(readFileSync(`${root}${file}`, 'utf8'), new RegExp(`help-name="${type}"`));
			}
		}
	});

	for (const file of files.filter((each) => each.includes('check-otp-code'))) {
		it(`for the outcomes of a check fit under a node: ${file}`, () => {
			const words = at(read(file), 'status');
			for (const outcome of [
				'checking',
				'right',
				'wrong-code',
				'expired',
				'too-many-attempts',
				'already-used',
				'wrong-number',
				'wrong-purpose',
				'not-issued-here',
			]) {
				const word = at(words, outcome);
				assert.ok(typeof word === 'string', outcome);
				const text = word.replace('{left}', '4');
				assert.ok(text.length < 20 && !text.includes('{'), text);
			}
			assert.match(String(at(words, 'wrong-code')), /\{left\}/);
		});
	}

	for (const file of shared) {
		it(`for statuses fit under a node: ${file}`, () => {
			const words = at(read(file), 'status');
			for (const phase of [...callStatuses, ...errorKinds, 'waiting', 'sending', 'asking']) {
				const word = at(words, phase);
				assert.ok(typeof word === 'string' && word.length < 20, `${phase}: ${String(word)}`);
			}
			for (const [count, number] of [
				['underWay', '999'],
				['manyUnderWay', '99999'],
				['done', '9999'],
				['someFailed', '999'],
				['manyFailed', '9999'],
			] as const) {
				const text = String(at(words, count)).replaceAll(/\{\w+\}/g, number);
				assert.ok(text.length < 20, text);
			}
		});
	}
});

/** What a Node-RED in another language says of some mistakes. */
async function saidIn(language: string): Promise<Readonly<Record<string, unknown>>> {
	const script = fileURLToPath(new URL('foreignHost.ts', import.meta.url));
	const { stdout } = await run(process.execPath, ['--import', 'tsx', script, language]);
	const said: unknown = JSON.parse(stdout.slice(stdout.indexOf('{')));
	return typeof said === 'object' && said !== null ? { ...said } : {};
}

describe('An error in Node-RED', function () {
	this.timeout(60_000);

	for (const [language, words] of [
		['vi', ['Số điện thoại', 'Số lần đọc', 'Thời gian nghỉ', 'Tài khoản', 'dữ liệu sai']],
		['fa', ['شماره تلفن', 'دفعات خواندن', 'استراحت', 'حساب', 'ورودی نادرست']],
		['de', ['Phone Number', 'Repeat Count', 'Cool-Down', 'Account', 'invalid input']],
	] as const) {
		it(`names the field as the form does: ${language}`, async () => {
			const { number, count, rest, nobody, status } = await saidIn(language);
			assert.match(String(number), new RegExp(`^${words[0]} is not a possible`));
			assert.match(String(count), new RegExp(`^${words[1]} must be.*Set ${words[1]} to`));
			assert.match(String(rest), new RegExp(`^${words[2]} must be a whole number`));
			assert.match(String(nobody), new RegExp(`^${words[3]} does not exist`));
			assert.equal(status, words[4]);
		});
	}
});
