import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type JsonObject, isJsonObject } from '../../../providers/reading/json';
import { startDemo } from '../../tools/demo/runningDemo';
import { startNodeRed } from '../hosts/nodeRed';
import { type Run, eventually, repository } from '../hosts/programs';
import { openPage } from './browser';
import { NodeRedEditor } from './nodeRedEditor';
import { type ColorScheme, colorSchemes, takePicture } from './pictures';

const firstCall = [
	{ id: 'shop', type: 'tab', label: 'First call' },
	{ id: 'shop-account', type: 'otp-call-account', version: 2, provider: 'sandbox' },
	{
		id: 'order',
		type: 'inject',
		z: 'shop',
		x: 140,
		y: 120,
		name: 'an order',
		props: [{ p: 'payload' }],
		repeat: '',
		once: false,
		onceDelay: 0.1,
		payload: '',
		payloadType: 'date',
		wires: [['send']],
	},
	{
		id: 'send',
		type: 'send-otp-call',
		version: 2,
		z: 'shop',
		x: 340,
		y: 120,
		account: 'shop-account',
		phoneNumber: '09123456789',
		phoneNumberType: 'str',
		code: '1234',
		codeType: 'str',
		keepForCheck: true,
		purposeType: 'str',
		idempotencyKeyType: 'msg',
		waitForResult: true,
		simplify: true,
		wires: [['answered']],
	},
	{
		id: 'answered',
		type: 'switch',
		z: 'shop',
		x: 540,
		y: 120,
		name: 'answered?',
		property: 'payload.answered',
		propertyType: 'msg',
		rules: [{ t: 'true' }, { t: 'else' }],
		checkall: 'false',
		outputs: 2,
		wires: [['heard'], ['missed']],
	},
	{ id: 'heard', type: 'debug', z: 'shop', x: 750, y: 100, name: 'go on', complete: 'payload' },
	{
		id: 'missed',
		type: 'debug',
		z: 'shop',
		x: 780,
		y: 160,
		name: 'try another way',
		complete: 'payload',
	},
];

/** The example that verifies a number. */
function signUpForm(): readonly JsonObject[] {
	const file = join(repository, 'node-red', 'examples', 'sign-up form.json');
	const nodes: unknown = JSON.parse(readFileSync(file, 'utf8'));
	return Array.isArray(nodes) ? nodes.filter(isJsonObject) : [];
}

const theme: Readonly<Record<ColorScheme, string>> = { light: 'Light', dark: 'Dark' };

/** Those of Node-RED: a flow, the form of its node, the finished sign-up. */
export async function takeNodeRedPictures(run: Run): Promise<void> {
	const host = await startNodeRed(run, { default: { module: 'memory' } }, {});
	await host.deploy([...firstCall, ...signUpForm()]);
	for (const colorScheme of colorSchemes) {
		const viewport = { width: 1480, height: 900 };
		const editor = await NodeRedEditor.open(host.url, { viewport, scale: 2 });
		const { page } = editor;
		await editor.chooseTheme(theme[colorScheme]);
		await editor.showFlow('First call');
		await editor.press('order');
		// What the call before it has left there must not be taken for its own.
		await editor.statusesUntil('send', /^queued/);
		await editor.statusesUntil('send', /^completed/);
		await page.locator('.red-ui-notification').waitFor({ state: 'detached' });
		const nodes = page.locator('.red-ui-flow-node-group');
		await takePicture(page, 'node-red-flow', colorScheme, {
			around: await nodes.all(),
			margin: 24,
		});
		await page.setViewportSize({ width: 1480, height: 800 });
		const form = await editor.openForm('send');
		const around = [page.locator('.red-ui-tray-header'), page.locator('.red-ui-tray-footer')];
		await takePicture(page, 'node-red-send-form', colorScheme, { around, margin: 0 });
		await form.cancel();
		await page.setViewportSize(viewport);
		await editor.showFlow('Sign-up form');
		// The tab says its whole name while the mouse is on it.
		await page.mouse.move(700, 800);
		await page.locator('.red-ui-popover').waitFor({ state: 'detached' });
		await takePicture(page, 'node-red-sign-up', colorScheme, {
			around: await nodes.all(),
			margin: 24,
		});
		await editor.close();
	}
	await host.stop();
}

/** That of the demo: the voice has read out the code, and it is about to be typed. */
export async function takeDemoPictures(): Promise<void> {
	const demo = await startDemo('--port', '0');
	for (const colorScheme of colorSchemes) {
		const viewport = { width: 1100, height: 900 };
		const page = await openPage({ viewport, colorScheme, scale: 1.5 });
		await page.goto(`${demo.url}/demo`);
		await page.getByLabel('Phone number').first().fill(`0912123${colorScheme.length}411`);
		await page.getByRole('button', { name: 'Call me with a code' }).click();
		const code = await eventually('the code is read out', async () => {
			const digits = (await page.locator('#digits').innerText()).replace(/\s/g, '');
			return /^\d{5,}$/.test(digits) && digits;
		});
		await page.getByLabel('The code that the voice reads to you').fill(code);
		const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
		await page.setViewportSize({ ...viewport, height });
		await takePicture(page, 'demo', colorScheme);
		await page.context().close();
	}
	await demo.discard();
}
