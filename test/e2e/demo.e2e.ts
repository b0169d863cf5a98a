import assert from 'node:assert/strict';

import type { Page } from 'playwright-core';

import { type RunningDemo, startDemo } from '../tools/demo/runningDemo';
import { assertAccessible, openPage } from './browser/browser';
import { eventually } from './hosts/programs';

/** A phone, a tablet, a desk. */
const widths = [320, 768, 1440];

/** What sticks out of the page, which would have to be scrolled sideways. */
async function assertFits(page: Page): Promise<void> {
	const widthOf: unknown = await page.evaluate(
		'[document.documentElement.scrollWidth, innerWidth].join(" of ")',
	);
	const [needed, given] = String(widthOf).split(' of ').map(Number);
	assert.ok(Number(needed) <= Number(given), `The page is ${String(widthOf)} pixels wide`);
}

describe('Editor: the demo', () => {
	let demo: RunningDemo;
	let page: Page;
	before(async () => {
		demo = await startDemo('--port', '0');
		assert.notEqual(demo.url, '', demo.text());
	});
	after(async () => {
		await page.context().close();
		await demo.discard();
	});

	/** What the voice reads out on the page's own phone, once it has read all of it. */
	const heard = (): Promise<string> =>
		eventually('the code is read out', async () => {
			const digits = (await page.locator('#digits').innerText()).replace(/\s/g, '');
			return /^\d{5,}$/.test(digits) && digits;
		});

	const look = async (): Promise<void> => {
		await assertFits(page);
		await assertAccessible(page.locator('body'));
	};

	for (const [index, width] of widths.entries()) {
		it(`plays the story of a sign-up through at ${width} pixels, and fits`, async () => {
			const viewport = { width, height: 800 };
			page = await openPage({ viewport, colorScheme: width === 768 ? 'dark' : 'light' });
			await page.goto(`${demo.url}/demo`);
			await page.getByRole('button', { name: 'Call me with a code' }).waitFor();
			await look();
			await page.getByLabel('Phone number').first().fill('110');
			await page.getByRole('button', { name: 'Call me with a code' }).click();
			await page
				.locator('#number-problem')
				.filter({ hasText: /Phone Number/ })
				.waitFor();
			await look();
			await page.getByLabel('Phone number').first().fill(`0912123${index}411`);
			await page.getByRole('button', { name: 'Call me with a code' }).click();
			const code = page.getByLabel('The code that the voice reads to you');
			await code.waitFor();
			const digits = await heard();
			await look();
			await code.fill('0');
			await code.press('Enter');
			await page.locator('#code-problem').filter({ hasText: /2/ }).waitFor();
			assert.equal(await code.getAttribute('aria-invalid'), 'true');
			await look();
			await code.fill(digits);
			await code.press('Enter');
			await page.getByText('Your number is confirmed').waitFor();
			assert.equal(
				await page.locator('#done-headline').evaluate('document.activeElement?.id'),
				'done-headline',
			);
			await look();
			await page.getByRole('tab', { name: 'Call tracker' }).click();
			await page.getByLabel('Phone number').last().fill(`0912123${index}511`);
			await page.getByRole('button', { name: 'Call', exact: true }).click();
			await page.getByRole('region', { name: 'Calls so far' }).getByText('completed').waitFor();
			await look();
			await page.context().close();
		});
	}

	it('takes the reader to the flow behind the page, and gives the flow of the sign-up away', async () => {
		page = await openPage();
		await page.goto(`${demo.url}/demo`);
		await page.getByRole('button', { name: 'Import this flow' }).click();
		await page.getByText(/Copied\. In Node-RED/).waitFor();
		const copied: unknown = JSON.parse(
			await page.evaluate<string>('navigator.clipboard.readText()'),
		);
		assert.ok(Array.isArray(copied) && copied.length > 5);
		const opened = page.waitForEvent('popup');
		await page.getByRole('link', { name: /See the flow/ }).click();
		await (await opened).locator('.red-ui-flow-node-label-text').first().waitFor();
	});
});
