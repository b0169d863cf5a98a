import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { SIMULATOR_TOKEN, type Simulator, startSimulator } from '../../tools/simulator';
import { isJsonObject } from '../../providers/reading/json';
import { openPage } from './browser/browser';
import { nodeRedWith } from './hosts/hooks';
import { installDashboard } from './hosts/n8nInstallation';
import { at, textAt } from './hosts/n8nApi';
import type { NodeRedProcess } from './hosts/nodeRed';
import { repository } from './hosts/programs';

const file = join(repository, 'node-red', 'examples', 'sign-up with Dashboard 2.json');

const inPersian = (code: string): string =>
	[...code].map((digit) => String.fromCharCode(0x06f0 + Number(digit))).join('');

describe('Editor: the example sign-up with Dashboard 2', () => {
	let host: NodeRedProcess;
	let simulator: Simulator;
	const pages: Page[] = [];

	before(async () => {
		const scope = await installDashboard();
		simulator = await startSimulator({ ringsMs: 500, talksMs: 1_500 });
		host = await nodeRedWith({ default: { module: 'memory' } }, { scopes: [scope] });
		const nodes: unknown = JSON.parse(readFileSync(file, 'utf8'));
		assert.ok(Array.isArray(nodes));
		const filledIn: Readonly<Record<string, object>> = {
			'otp-call-account': {
				provider: 'bitel',
				baseUrl: simulator.url,
				credentials: { token: SIMULATOR_TOKEN },
			},
			'send-otp-call': { codeLifetime: '30', retryCount: '0' },
		};
		await host.deploy(
			nodes.filter(isJsonObject).map((node) => ({ ...node, ...filledIn[textAt(node, 'type')] })),
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

	/** A visitor with a browser of their own. */
	const visit = async (): Promise<Page> => {
		const page = await openPage({ viewport: { width: 480, height: 800 } });
		pages.push(page);
		await page.goto(`${host.url}/dashboard/sign-up`);
		await page.getByRole('button', { name: 'Call me with a code' }).waitFor();
		return page;
	};
	const call = async (page: Page, phone: string): Promise<void> => {
		await page.getByLabel('Phone number').fill(phone);
		await page.getByRole('button', { name: 'Call me with a code' }).click();
	};
	const type = async (page: Page, code: string): Promise<void> => {
		await page.getByLabel('Code', { exact: true }).fill(code);
		await page.getByRole('button', { name: 'Confirm' }).click();
	};
	const sees = (page: Page, text: string | RegExp) => page.getByText(text).waitFor();

	it('is complete: the editor finds no node without a type, and none that is filled in wrongly', async () => {
		const page = await openPage();
		pages.push(page);
		await page.goto(host.url);
		await page.waitForFunction(`globalThis.RED?.nodes?.node('otp10-send')?.valid !== undefined`);
		const faults: unknown = await page.evaluate(`(() => {
			const faults = [];
			const look = (node) => {
				if (node.type === 'unknown' || node.valid === false) faults.push(node.name || node.type);
			};
			RED.nodes.eachNode(look);
			RED.nodes.eachConfig(look);
			return faults;
		})()`);
		assert.deepEqual(faults, []);
	});

	it('shows each visitor their own call only, and takes the code while the voice reads it', async () => {
		const [one, other] = [await visit(), await visit()];
		await call(one, '09121110081');
		await sees(one, 'We are calling you');
		await call(other, '09121110082');
		await sees(other, 'We are calling you');
		await type(one, '00');
		await sees(one, 'That is not right. Tries left: 2.');
		await type(one, inPersian(said('09121110081')));
		await sees(one, 'Welcome! +989121110081 is confirmed.');
		const late = await visit();
		await sees(one, 'The call is over.');
		await sees(other, 'The call is over.');
		assert.doesNotMatch(await other.content(), /Welcome|not right|0081/);
		assert.doesNotMatch(await late.content(), /Welcome|The call|calling you/);
		// The second one's token has not become the first one's.
		await type(other, said('09121110082'));
		await sees(other, 'Welcome! +989121110082 is confirmed.');
		for (const page of [one, other, late]) {
			assert.ok(!(await page.getByLabel('Token').isVisible()));
			assert.ok(!(await page.content()).includes(said('09121110081')));
		}
	});

	it('says how long to wait for another call, and takes no code that is too old', async () => {
		const page = await visit();
		await call(page, '09121110083');
		await sees(page, 'We are calling you');
		await call(page, '09121110083');
		await sees(page, /This number can have a call in \d+ seconds\./);
		await type(page, '');
		await sees(page, 'Type the code that you heard.');
		await new Promise((resolve) => setTimeout(resolve, 31_000));
		await type(page, said('09121110083'));
		await sees(page, 'That is not right. Have a new code read to you.');
	});
});
