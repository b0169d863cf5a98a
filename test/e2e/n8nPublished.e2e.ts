import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { SIMULATOR_TOKEN, type Simulator, startSimulator } from '../../tools/simulator';
import { autocallSend, keyAccount, vietnamese } from '../n8n/accounts';
import { record, text } from '../n8n/reading';
import { openPage } from './browser/browser';
import { readmeParagraph, said } from './browser/firstCall';
import { type N8nEditor, openN8nEditor } from './browser/n8nEditor';
import { n8nInRegularMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';
import { at } from './hosts/n8nApi';
import { eventually, repository } from './hosts/programs';
import { manualTrigger } from './hosts/workflows';

const inPersian = (code: string): string =>
	[...code].map((digit) => String.fromCharCode(0x06f0 + Number(digit))).join('');

const examples = join(repository, 'examples', 'n8n');

/** The names of the nodes of an example, but for what is stuck on the canvas to be read. */
function nodesOf(file: string): readonly string[] {
	const nodes = record(JSON.parse(readFileSync(join(examples, file), 'utf8')))['nodes'];
	assert.ok(Array.isArray(nodes));
	return nodes
		.map(record)
		.filter(({ type }) => !text(type).endsWith('.stickyNote'))
		.map(({ name }) => text(name))
		.sort();
}

/** Where the README says that an example is loaded. */
function importEntries(): readonly string[] {
	const [[, entries = ''] = []] = said(
		readmeParagraph('- Examples:'),
		/_(Import → .+?)_ in the menu/g,
	);
	return entries.split(' → ');
}

describe('Editor: n8n, what is published', () => {
	let n8n: N8n;
	let editor: N8nEditor;
	let simulator: Simulator;
	before(async () => {
		n8n = await n8nInRegularMode();
		simulator = await startSimulator({ queuedMs: 100, ringsMs: 100, talksMs: 100 });
		editor = await openN8nEditor(n8n);
	});
	after(async () => {
		await editor.page.context().close();
		await simulator.close();
	});

	describe('an example', () => {
		/** Those that run at once, and the node that they get to. */
		const ends: Readonly<Record<string, string>> = {
			'call and wait, restart-safe.json': 'Send OTP Call',
			'unknown outcome.json': 'Do Not Send Again',
		};

		for (const file of readdirSync(examples))
			it(`is loaded by the menu as the README says, and runs if it needs no account: ${file}`, async () => {
				await editor.newWorkflow();
				await editor.importFile(join(examples, file), importEntries());
				assert.deepEqual(await editor.nodes(), nodesOf(file));
				const end = ends[file];
				if (end === undefined) return;
				assert.equal(await editor.problems(), 0);
				await editor.executeWorkflow();
				await editor.hasRun(end);
			});
	});

	describe('a trigger', () => {
		it('is tried with the sandbox as its form says', async () => {
			await editor.newWorkflow();
			await editor.addNode('OTP Call Trigger');
			const notice = await editor.form.element
				.locator('.notice, [class*=notice]')
				.first()
				.innerText();
			const [[, callId = ''] = []] = said(notice, /\?callId=(\S+) behind it/g);
			assert.match(notice, /Open “Webhook URLs” above, copy the Test URL, and press Execute step/);
			const address = await editor.address('Test URL');
			await editor.execute('Execute step', async () => {
				await editor.node.getByText('Stop Listening').first().waitFor();
				const visit = await editor.page.context().newPage();
				// The editor says that it listens a moment before n8n does.
				await eventually('n8n listens', async () => {
					return (await visit.goto(`${address}?callId=${callId}`))?.ok() === true;
				});
				await visit.close();
			});
			const output = await editor.output();
			assert.equal(output.get('status'), 'completed');
			assert.equal(output.get('callId'), callId);
		});

		it('registers when it is published, starts by an event, and is gone when it is unpublished', async () => {
			const { autocallApi } = keyAccount(simulator);
			const credential = await n8n.createCredential('autocallApi', autocallApi);
			await editor.newWorkflow();
			await editor.addNode('OTP Call Trigger');
			await editor.form.choose('Provider', 'TEL4VN Autocall');
			await editor.useCredential(credential.name);
			await editor.closeNode();
			await editor.publish();
			assert.deepEqual(
				simulator.registrations.map(({ event }) => event),
				['cdr'],
			);

			const phone = { phoneNumber: vietnamese(200), code: '1234' };
			const call = { name: 'Call', ...autocallSend(simulator, phone) };
			const sending = await n8n.createWorkflow('Call', [manualTrigger, call]);
			await n8n.ended(await n8n.runManually(sending, 'Manual'));
			const [started] = await n8n.allEnded(editor.workflowId, 1);
			assert.equal(at(started?.outputsOf('OTP Call Trigger'), 0, 0, 'status'), 'completed');

			await editor.unpublish();
			await eventually('The registration is gone', () => simulator.registrations.length === 0);
		});
	});

	// What else a visitor may meet is in n8nVisitors.e2e.ts.
	describe('the sign-up form, with a provider chosen in the editor', () => {
		const visitors: Page[] = [];
		let form: string;
		before(async () => {
			const credential = await n8n.createCredential('bitelApi', {
				token: SIMULATOR_TOKEN,
				baseUrl: simulator.url,
			});
			await editor.newWorkflow();
			await editor.importFile(join(examples, 'sign-up form.json'), importEntries());
			for (const node of ['Call With a New Code', 'Check the Code']) {
				await editor.openNode(node);
				await editor.form.choose('Provider', 'Bitel');
				await editor.useCredential(credential.name);
				await editor.closeNode();
			}
			await editor.openNode('Sign-Up Form');
			form = await editor.address('Production URL');
			await editor.closeNode();
			await editor.publish();
		});
		afterEach(() => simulator.reset());
		after(async () => {
			await Promise.all(visitors.map((page) => page.context().close()));
			await editor.unpublish();
		});

		/** What the voice has said to a number. */
		const heard = (phone: string): string => {
			const request = simulator.requests.findLast(
				({ json }) => record(json)['phoneNumber'] === phone,
			);
			return text(record(request?.json)['text']);
		};

		/** A stranger with a browser of his own, who has asked to be called. */
		const signUp = async (phone: string): Promise<Page> => {
			const page = await openPage({ locale: 'fa-IR' });
			visitors.push(page);
			await page.goto(form);
			await page.getByLabel('Phone number').fill(phone);
			await page.getByRole('button', { name: 'Call me' }).click();
			return page;
		};

		const enter = async (page: Page, code: string): Promise<void> => {
			await page.getByLabel('Code').fill(code);
			await page.getByRole('button', { name: 'Confirm' }).click();
		};

		const sees = (page: Page, words: string) => page.getByText(words).first().waitFor();

		it('confirms the number of whoever types the code, in Persian digits as well', async () => {
			const page = await signUp('09123456711');
			await sees(page, 'Enter the code');
			await enter(page, inPersian(heard('09123456711')));
			await sees(page, 'Welcome');
			await sees(page, '+989123456711 is confirmed');
		});

		it('takes the code after n8n was started again in between', async () => {
			const page = await signUp('09123456715');
			await sees(page, 'Enter the code');
			const code = heard('09123456715');
			await n8n.restart('main');
			await enter(page, code);
			await sees(page, 'Welcome');
		});

		it('asks to start again when the code is too old', async () => {
			await editor.openWorkflow(editor.workflowId);
			await editor.openNode('Call With a New Code');
			await editor.form.add('Add Option', 'Code Lifetime (Seconds)');
			await editor.form.type('Code Lifetime (Seconds)', '10');
			await editor.closeNode();
			await editor.publish();
			await n8n.isLive(editor.workflowId);
			const page = await signUp('09123456716');
			await sees(page, 'Enter the code');
			const code = heard('09123456716');
			await page.waitForTimeout(11_000);
			await enter(page, code);
			await sees(page, 'Please start again');
			await sees(page, 'The code is too old');
		});
	});
});
