import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { SIMULATOR_TOKEN, type Simulator, startSimulator } from '../../tools/simulator';
import { isJsonObject } from '../../providers/reading/json';
import { readingsOf } from '../fixtures/encodings';
import { assertAccessible, openPage } from './browser/browser';
import { nodeRedWith } from './hosts/hooks';
import { at, textAt } from './hosts/n8nApi';
import type { NodeRedProcess } from './hosts/nodeRed';
import { repository } from './hosts/programs';

const files = ['sign-up form', 'sign-up with progress', 'second channel'];

const onDiskAtOnce = { default: { module: 'localfilesystem', config: { cache: false } } };

const inPersian = (code: string): string =>
	[...code].map((digit) => String.fromCharCode(0x06f0 + Number(digit))).join('');

/** A code that stands by itself: within a time or an ID the same digits are chance. */
const standing = (code: string): RegExp =>
	new RegExp(`(?<![0-9a-z])${code}(?![0-9a-z])|${inPersian(code)}`, 'i');

describe('Editor: the example pages of Node-RED, as their visitors see them', () => {
	let host: NodeRedProcess;
	let simulator: Simulator;
	const pages: Page[] = [];

	before(async () => {
		simulator = await startSimulator();
		host = await nodeRedWith(onDiskAtOnce);
		const account = {
			provider: 'bitel',
			baseUrl: simulator.url,
			credentials: { token: SIMULATOR_TOKEN },
		};
		const nodes = files.flatMap((file) => {
			const path = join(repository, 'node-red', 'examples', `${file}.json`);
			const flow: unknown = JSON.parse(readFileSync(path, 'utf8'));
			return Array.isArray(flow) ? flow.filter(isJsonObject) : [];
		});
		await host.deploy(
			nodes.map((node) => (node['type'] === 'otp-call-account' ? { ...node, ...account } : node)),
		);
	});
	after(async () => {
		for (const page of pages) await page.context().close();
		await host.kill();
		await simulator.close();
	});

	const said = (phoneNumber: string): string =>
		textAt(
			simulator.requests.findLast(({ json }) => at(json, 'phoneNumber') === phoneNumber)?.json,
			'text',
		);

	/** Fits on the smallest phone, and keeps nobody out. */
	const isFit = async (page: Page): Promise<void> => {
		assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
		await assertAccessible(page.locator('html'));
	};
	/** A visitor who has had a number called. */
	const visit = async (
		path: string,
		phone: string,
		colorScheme: 'light' | 'dark' = 'light',
	): Promise<Page> => {
		const page = await openPage({ viewport: { width: 320, height: 640 }, colorScheme });
		pages.push(page);
		await page.goto(host.url + path);
		await isFit(page);
		await page.getByLabel('Phone number').fill(phone);
		await page.getByRole('button', { name: 'Call me with a code' }).click();
		await sees(page, /We are calling/);
		await isFit(page);
		return page;
	};
	const type = async (page: Page, code: string): Promise<void> => {
		await page.getByLabel('Code', { exact: true }).fill(code);
		await page.getByRole('button', { name: 'Confirm' }).click();
	};
	const sees = (page: Page, text: string | RegExp) => page.getByText(text).waitFor();

	it('sign-up form: counts the tries of each visitor, also over a restart', async () => {
		const [mine, theirs] = ['09121110121', '09121110122'];
		const [one, other] = [await visit('/sign-up', mine), await visit('/sign-up', theirs, 'dark')];
		await type(one, '00');
		await sees(one, 'Tries left: 2.');
		await isFit(one);
		await host.stop();
		await host.startAgain();
		await type(one, '00');
		await sees(one, 'Tries left: 1.');
		await type(one, inPersian(said(mine)));
		await sees(one, '+989121110121 is confirmed.');
		await isFit(one);
		await type(other, '00');
		await sees(other, 'Tries left: 2.');
		await isFit(other);
		await type(other, said(theirs));
		await sees(other, '+989121110122 is confirmed.');
	});

	it('sign-up with progress: finds its way back after a restart, and shows each visitor theirs', async () => {
		const [mine, theirs] = ['09121110123', '09121110124'];
		const one = await visit('/sign-up/live', mine);
		const other = await visit('/sign-up/live', theirs, 'dark');
		await type(one, '00');
		await sees(one, 'That is not right. Tries left: 2.');
		await sees(other, 'The call is over. Type the code that you heard.');
		await isFit(other);
		assert.doesNotMatch(await other.content(), /not right<|0123/);
		await host.stop();
		await host.startAgain();
		// It tries once a second.
		await one.waitForTimeout(2_500);
		await type(one, said(mine));
		await sees(one, '+989121110123 is confirmed.');
		await isFit(one);
		await type(other, said(theirs));
		await sees(other, '+989121110124 is confirmed.');
	});

	it('second channel: says how long another call has to wait, and sends no code by message', async () => {
		const phone = '09121110125';
		const page = await visit('/verify', phone, 'dark');
		await page.getByRole('button', { name: 'Call me again' }).click();
		await sees(page, /This number can have a call in \d+ seconds\./);
		await page.getByRole('button', { name: 'Send me a message instead' }).click();
		await sees(page, 'We have sent a message to +989121110125.');
		await isFit(page);
		assert.ok(!(await page.content()).includes(said(phone)));
		await type(page, said(phone));
		await sees(page, '+989121110125 is confirmed.');
	});

	it('leave no code behind: neither on disk nor in the log', () => {
		const written = readdirSync(host.userDir, { recursive: true, withFileTypes: true })
			.filter((file) => file.isFile() && !file.parentPath.includes('node_modules'))
			.map(({ name, parentPath }) => readFileSync(join(parentPath, name), 'utf8'));
		const kept = readingsOf([...written, host.log].join('\n'));
		// The context store is among the files: tries have been counted there.
		assert.match(kept, /otpCallChecks/);
		const phones = ['09121110121', '09121110122', '09121110123', '09121110124', '09121110125'];
		for (const phone of phones) {
			assert.match(said(phone), /^\d{5}$/);
			assert.doesNotMatch(kept, standing(said(phone)), phone);
		}
	});
});
