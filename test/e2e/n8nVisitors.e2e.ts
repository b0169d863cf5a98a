import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { type Simulator, startSimulator } from '../../tools/simulator';
import { readingsOf } from '../fixtures/encodings';
import { bitelSend } from '../n8n/accounts';
import { record, text } from '../n8n/reading';
import { openPage } from './browser/browser';
import { n8nInRegularMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';
import { eventually, repository } from './hosts/programs';

const inPersian = (code: string): string =>
	[...code].map((digit) => String.fromCharCode(0x06f0 + Number(digit))).join('');

/** A code that stands by itself: within a time or an ID the same digits are chance. */
const standing = (code: string): RegExp =>
	new RegExp(`(?<![0-9a-z])${code}(?![0-9a-z])|${inPersian(code)}`, 'i');

describe('Editor: the examples of n8n, as their visitors see them', () => {
	let n8n: N8n;
	let simulator: Simulator;
	const pages: Page[] = [];
	const workflows: string[] = [];
	/** The addresses of the forms, by file. */
	const forms = new Map<string, string>();

	/** Publishes an example with the account at the simulator. */
	async function publish(file: string, credential: object): Promise<void> {
		const path = join(repository, 'examples', 'n8n', file);
		const { nodes, ...example } = record(JSON.parse(readFileSync(path, 'utf8')));
		const filledIn = (Array.isArray(nodes) ? nodes.map(record) : []).map((node) => {
			const type = text(node['type']);
			if (type === 'n8n-nodes-base.formTrigger') {
				forms.set(file, `${n8n.urlOf('main')}/form/${text(node['webhookId'])}`);
			}
			if (!type.startsWith('n8n-nodes-otp-call.')) return node;
			const parameters = { ...record(node['parameters']), provider: 'bitel' };
			return { ...node, parameters, credentials: { bitelApi: credential } };
		});
		const { connections, name, settings } = example;
		const workflow = await n8n.importWorkflow({ name, nodes: filledIn, connections, settings });
		workflows.push(workflow);
		await n8n.publish(workflow);
	}

	before(async () => {
		n8n = await n8nInRegularMode();
		simulator = await startSimulator();
		const { bitelApi = {} } = bitelSend(simulator).credentials;
		const credential = await n8n.createCredential('bitelApi', bitelApi);
		await publish('sign-up form.json', credential);
		await publish('second channel.json', credential);
	});
	after(async () => {
		for (const page of pages) await page.context().close();
		for (const workflow of workflows) await n8n.unpublish(workflow);
		await simulator.close();
	});

	/** What the voice has said to a number. */
	const said = (phone: string): string => {
		const request = simulator.requests.findLast(
			({ json }) => record(json)['phoneNumber'] === phone,
		);
		return text(record(request?.json)['text']);
	};

	/** Opens a form, and has a number called. */
	const visit = async (file: string, phone: string): Promise<Page> => {
		const page = await openPage({ viewport: { width: 480, height: 800 } });
		pages.push(page);
		await page.goto(String(forms.get(file)));
		await page.getByLabel('Phone number').fill(phone);
		await page.getByRole('button', { name: 'Call me' }).click();
		await sees(page, 'Type the code', 'type the code');
		return page;
	};
	const type = async (page: Page, code: string, button: string): Promise<void> => {
		await page.getByLabel('Code', { exact: true }).fill(code);
		await page.getByRole('button', { name: button }).click();
	};
	const choose = async (page: Page, what: string): Promise<void> => {
		await page.getByLabel('No call?').selectOption(what);
		await page.getByRole('button', { name: 'Go on' }).click();
	};
	/** Waits until the page says one of these. */
	const sees = async (page: Page, ...texts: readonly string[]): Promise<void> => {
		await eventually(
			texts.join(' or '),
			async () => {
				const content = await page.locator('body').innerText();
				return texts.some((one) => content.includes(one));
			},
			30_000,
		);
	};

	it('sign-up form: asks while the voice reads, again after a wrong code, and each visitor for themselves', async () => {
		const [mine, theirs] = ['09121110091', '09121110092'];
		const [one, other] = await Promise.all([
			visit('sign-up form.json', mine),
			visit('sign-up form.json', theirs),
		]);
		await type(one, said(theirs) === '00000' ? '00001' : '00000', 'Confirm');
		await sees(one, 'Tries left: 2');
		await type(one, inPersian(said(mine)), 'Confirm');
		await sees(one, '+989121110091 is confirmed.');
		await type(other, said(theirs), 'Confirm');
		await sees(other, '+989121110092 is confirmed.');
	});

	it('second channel: another call has to wait, a message has none of the code, and the first code stays good', async () => {
		const phone = '09121110093';
		const page = await visit('second channel.json', phone);
		await choose(page, 'Call me again');
		await sees(page, 'You can have another call in');
		await type(page, said(phone), 'Go on');
		await sees(page, '+989121110093 is confirmed.');
		const writes = await visit('second channel.json', '09121110094');
		await choose(writes, 'Send me a message');
		await sees(writes, 'We have sent you a message');
	});

	it('hold no code while a visitor listens, and show no execution that has ended', async () => {
		const phone = '09121110095';
		await visit('sign-up form.json', phone);
		const rows = await n8n.database.query('select data::text from execution_data');
		const kept = readingsOf(`${JSON.stringify(rows)}\n${n8n.logOf('main')}`);
		// Of the second one nobody has typed the code, but asked for a message.
		for (const unused of [phone, '09121110094']) {
			assert.match(said(unused), /^\d{5}$/);
			assert.doesNotMatch(kept, standing(said(unused)), unused);
		}
		for (const workflow of workflows) {
			const statuses = (await n8n.executions(workflow)).map(({ status }) => status);
			assert.ok(!statuses.includes('success'), String(statuses));
		}
	});
});
