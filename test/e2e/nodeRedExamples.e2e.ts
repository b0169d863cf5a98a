import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { SIMULATOR_TOKEN, type Simulator, startSimulator } from '../../tools/simulator';
import { hosts } from '../node-red/runningFlow';
import { assertAccessible, openPage } from './browser/browser';
import { NodeRedEditor } from './browser/nodeRedEditor';
import { nodeRedWith } from './hosts/hooks';
import { at, textAt } from './hosts/n8nApi';
import type { NodeRedProcess } from './hosts/nodeRed';
import { eventually, repository } from './hosts/programs';

const examples = readdirSync(join(repository, 'node-red', 'examples')).map((file) =>
	file.replace(/\.json$/, ''),
);

/** They need an account of a provider that lists calls, or tells of them. */
const needAccount = ['call ended', 'nightly list'];

/** It is tested with the palette that its name tells. */
const needsPalette = 'sign-up with Dashboard 2';

const onDisk = { calls: { module: 'localfilesystem', config: { cache: false } } };

/** As a keyboard for Persian writes digits. */
const persian = (digits: string): string =>
	digits.replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'.charAt(Number(digit)));

let numbers = 0;

/** A number that nobody has called: a test that is tried again would have to wait for its cool-down. */
const freshNumber = (): string => {
	numbers += 1;
	return `0912111${String(numbers).padStart(4, '0')}`;
};

/** What a page says of a number that is confirmed. */
const confirmed = (phoneNumber: string): RegExp =>
	new RegExp(String.raw`\+98${phoneNumber.slice(1)} is confirmed`);

/** Somebody who signs up, in a browser of their own. */
class Visitor {
	readonly page: Page;

	private constructor(page: Page) {
		this.page = page;
	}

	static async at(url: string): Promise<Visitor> {
		const page = await openPage({ viewport: { width: 390, height: 800 } });
		await page.goto(url);
		return new Visitor(page);
	}

	/** Gives a number, and is called. */
	async isCalledAt(phoneNumber: string): Promise<void> {
		await this.page.getByLabel('Phone number').fill(phoneNumber);
		await this.page.getByRole('button', { name: /^Call me/ }).click();
		await this.page.getByText(/We are calling|Your phone is ringing/).waitFor();
	}

	/** Types a code. @returns what the page says then */
	async types(code: string, says: RegExp): Promise<void> {
		await this.page.getByLabel('Code', { exact: true }).fill(code);
		await this.page.getByRole('button', { name: 'Confirm' }).click();
		await this.page.getByText(says).first().waitFor();
	}
}

for (const version of hosts) {
	describe(`Editor: the examples in ${version}`, () => {
		let simulator: Simulator;
		let host: NodeRedProcess;
		let editor: NodeRedEditor;
		const visitors: Visitor[] = [];
		before(async () => {
			simulator = await startSimulator();
			host = await nodeRedWith({ default: { module: 'memory' }, ...onDisk }, { version });
			await host.deploy([]);
			editor = await NodeRedEditor.open(host.url);
		});
		after(async () => {
			for (const { page } of visitors) await page.context().close();
			await editor.close();
			await host.kill();
			await simulator.close();
		});

		const visit = async (path: string): Promise<Visitor> => {
			const visitor = await Visitor.at(`${host.url}${path}`);
			visitors.push(visitor);
			return visitor;
		};

		/** What the voice has read out to a number. */
		const heardAt = (phoneNumber: string): Promise<string> =>
			eventually(`${phoneNumber} is called`, () => {
				const sent = simulator.requests.findLast(
					({ json }) => at(json, 'phoneNumber') === phoneNumber,
				);
				return sent && textAt(sent.json, 'text');
			});

		/** Fills in the account of an example, as a builder does who has one. */
		const chooseProvider = async (flow: string): Promise<void> => {
			await editor.showFlow(flow);
			const form = await editor.openForm(await editor.idOf('call with a new code'));
			const account = await form.editAccount();
			await account.choose('Provider', 'Bitel');
			await account.type('Base URL', simulator.url);
			await account.type('Token', SIMULATOR_TOKEN);
			await account.done();
			await form.done();
		};

		it('are all there, are imported through the menu, and are deployed together', async () => {
			const ready = examples.filter((name) => ![...needAccount, needsPalette].includes(name));
			assert.equal(ready.length, examples.length - 3);
			for (const name of ready) await editor.importExample(name);
			await editor.deploy();
			assert.deepEqual(editor.faults, []);
		});

		it('first call: shows the call under the node and in the debug sidebar', async () => {
			await editor.showFlow('First OTP call');
			const send = await editor.idOf('send OTP call');
			await editor.press(await editor.idOf('answered'));
			await editor.statusesUntil(send, /^queued/);
			await editor.press(await editor.idOf('not a number'));
			await editor.statusesUntil(send, /invalid input/);
			await editor.showDebug();
			assert.match(await editor.latestMessage(), /code: "invalid-input"/);
		});

		it('check a code: says which code is right', async () => {
			await editor.showFlow('Check a code');
			const check = await editor.idOf('check OTP code');
			await editor.press(await editor.idOf('call'));
			await editor.statusesUntil(await editor.idOf('send OTP call'), /^queued/);
			await editor.press(await editor.idOf('11111: wrong'));
			await editor.statusesUntil(check, /^wrong, 2 left/);
			await editor.press(await editor.idOf('۸۰۴ ۱۷: right, too'));
			await editor.statusesUntil(check, /^right/);
		});

		it('unknown outcome: says that the phone may ring', async () => {
			await editor.showFlow('Unknown outcome');
			await editor.press(await editor.idOf('lost (ends with 09)'));
			await editor.statusesUntil(await editor.idOf('send OTP call'), /^outcome unknown/);
		});

		it('call and wait, restart-safe: tells once how the call has ended', async () => {
			await editor.showFlow('Call and wait, restart-safe');
			await editor.press(await editor.idOf('an order'));
			await editor.statusesUntil(await editor.idOf('call, or look the call up'), /^completed/);
		});

		it('sign-up form: asks again after a wrong code, and takes Persian digits', async () => {
			await chooseProvider('Sign-up form');
			const check = await editor.openForm(await editor.idOf('check the code'));
			await check.choose('Remember In', 'calls');
			await check.done();
			await editor.deploy();
			const [visitor, other] = [await visit('/sign-up'), await visit('/sign-up')];
			await assertAccessible(visitor.page.locator('body'));
			const [phone, otherPhone] = [freshNumber(), freshNumber()];
			await visitor.isCalledAt(phone);
			await other.isCalledAt(otherPhone);
			await visitor.types(await heardAt(otherPhone), /Tries left: 2/);
			await assertAccessible(visitor.page.locator('body'));
			await visitor.types(persian(await heardAt(phone)), confirmed(phone));
			await other.types(` ${await heardAt(otherPhone)} `, confirmed(otherPhone));
		});

		it('sign-up form: counts on after a restart', async () => {
			const visitor = await visit('/sign-up');
			const phone = freshNumber();
			await visitor.isCalledAt(phone);
			await visitor.types('00000', /Tries left: 2/);
			await host.stop();
			await host.startAgain();
			await visitor.types('00000', /Tries left: 1/);
			await visitor.types(await heardAt(phone), confirmed(phone));
		});

		it('sign-up form: takes no code after its lifetime, and says nothing more of it', async () => {
			await editor.goTo(host.url);
			await editor.showFlow('Sign-up form');
			const form = await editor.openForm(await editor.idOf('call with a new code'));
			await form.type('Code Lifetime', '10');
			await form.done();
			await editor.deploy();
			const visitor = await visit('/sign-up');
			const phone = freshNumber();
			await visitor.isCalledAt(phone);
			const code = await heardAt(phone);
			await visitor.page.waitForTimeout(10_500);
			await visitor.types(code, /That is not right\.\s+Have a new code read to you/);
		});

		it('sign-up with progress: shows how the call goes to the visitor whose call it is', async () => {
			await chooseProvider('Sign-up with progress');
			await editor.deploy();
			const [visitor, other] = [await visit('/sign-up/live'), await visit('/sign-up/live')];
			const phone = freshNumber();
			await visitor.isCalledAt(phone);
			await visitor.types('1', /Tries left: 2/);
			await visitor.types(await heardAt(phone), confirmed(phone));
			assert.equal(await other.page.getByRole('status').innerText(), '');
			await assertAccessible(visitor.page.locator('body'));
		});

		it('second channel: offers a message, and says how long another call has to wait', async () => {
			await chooseProvider('Call again, or second channel');
			await editor.deploy();
			const visitor = await visit('/verify');
			const phone = freshNumber();
			await visitor.isCalledAt(phone);
			await visitor.page.getByRole('button', { name: /^Call me again/ }).click();
			await visitor.page.getByText(/can have a call in \d+ seconds/).waitFor();
			await visitor.page.getByRole('button', { name: 'Send me a message instead' }).click();
			await visitor.page.getByText(`We have sent a message to +98${phone.slice(1)}`).waitFor();
			await assertAccessible(visitor.page.locator('body'));
			await visitor.types(await heardAt(phone), confirmed(phone));
		});

		it('login by call: lets the app in with the right code only', async () => {
			await chooseProvider('Login by call');
			await editor.deploy();
			const phone = freshNumber();
			const started = await host.post('/otp/start', { phone });
			const verification = textAt(started.body, 'verification');
			const check = async (code: string): Promise<number> =>
				(await host.post('/otp/check', { verification, phone, code })).status;
			assert.equal(await check('00000'), 401);
			assert.equal(await check(persian(await heardAt(phone))), 200);
			assert.equal(await check(await heardAt(phone)), 401);
		});

		it('call ended and nightly list: are marked until their account is filled in', async () => {
			for (const [name, flow, node] of [
				['call ended', 'Call ended', 'a call has ended'],
				['nightly list', 'Nightly list', "yesterday's calls"],
			] as const) {
				await editor.importExample(name);
				await editor.showFlow(flow);
				const id = await editor.idOf(node);
				assert.match((await editor.problemOf(id)) ?? '', /The account is not filled in/);
				const form = await editor.openForm(id);
				const account = await form.editAccount();
				assert.equal(await account.problem('Base URL'), 'Base URL is empty');
				await account.cancel();
				await form.cancel();
			}
		});
	});
}
