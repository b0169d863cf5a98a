import assert from 'node:assert/strict';

import {
	SEED_TEMPLATE_NAME,
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
	type Simulator,
	startSimulator,
} from '../../tools/simulator';
import { type N8nEditor, openN8nEditor } from './browser/n8nEditor';
import { n8nInRegularMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';

const esmsKeys = { apiKey: 'esms-api-key', secretKey: 'esms-secret-key' };

/** How a form is filled: labels and what is typed under them. */
type Filled = Readonly<Record<string, string>>;

interface SendForm {
	readonly provider: string;
	/** Its credential's type, and what is stored in it beside the base URL. */
	readonly account: readonly [string, Readonly<Record<string, string>>] | null;
	/** What a person gets wrong first, and what the error panel says of it. */
	readonly wrong: Filled;
	readonly message: RegExp;
	readonly description: RegExp;
	/** What is changed then. */
	readonly right: Filled;
}

const sendForms: readonly SendForm[] = [
	{
		provider: 'Sandbox',
		account: null,
		wrong: { 'Phone Number': '12', Code: '1234' },
		message: /^Phone Number is not a possible phone number of Iran or Vietnam$/,
		description: /such as 09123456789/,
		right: { 'Phone Number': '09123456789' },
	},
	{
		provider: 'Bitel',
		account: ['bitelApi', { token: SIMULATOR_TOKEN }],
		wrong: { Code: '123456' },
		message: /^Code must have 1 to 5 .* Bitel, this one has 6$/,
		description: /at most 5|1 to 5/,
		right: { Code: '12345' },
	},
	{
		provider: 'Kavenegar',
		account: ['kavenegarApi', { apiKey: SIMULATOR_TOKEN }],
		wrong: { Template: 'no-such-template' },
		message: /Kavenegar/,
		description: /Template/,
		right: { Template: 'simulator-verify' },
	},
	{
		provider: 'eSMS',
		account: ['esmsApi', esmsKeys],
		wrong: { Code: '12345' },
		message: /^Phone Number is not a possible phone number of Vietnam$/,
		description: /such as 0332665711/,
		right: { 'Phone Number': '0332665711' },
	},
];

describe('Editor: n8n, the forms', () => {
	let n8n: N8n;
	let editor: N8nEditor;
	let simulator: Simulator;
	before(async () => {
		n8n = await n8nInRegularMode();
		const tokens = [SIMULATOR_TOKEN, ...Object.values(esmsKeys)];
		simulator = await startSimulator({ queuedMs: 100, ringsMs: 100, talksMs: 100, tokens });
		editor = await openN8nEditor(n8n);
	});
	beforeEach(() => simulator.reset());
	after(async () => {
		await editor.page.context().close();
		await simulator.close();
	});

	const fill = async (filled: Filled) => {
		for (const [label, text] of Object.entries(filled)) await editor.form.type(label, text);
	};
	const begin = async (name: string, action?: string) => {
		await editor.newWorkflow();
		await editor.addNode('Manual Trigger');
		await editor.addNode(name, action);
	};
	const failsWith = async (message: RegExp, description: RegExp) => {
		await editor.execute();
		const error = await editor.error();
		assert.match(error.message, message);
		assert.match(error.description, description);
	};

	describe('of Send OTP Call', () => {
		const stored = new Map<string, string>();
		before(async () => {
			// The editor reads the list of credentials as it opens.
			for (const { account } of sendForms) {
				if (account === null) continue;
				const [type, data] = account;
				const { name } = await n8n.createCredential(type, { ...data, baseUrl: simulator.url });
				stored.set(type, name);
			}
			await begin('Send OTP Call');
		});

		for (const { provider, account, wrong, message, description, right } of sendForms)
			it(`say what is wrong with a call by ${provider}, and place it when it is right`, async () => {
				await editor.form.choose('Provider', provider);
				const credential = account === null ? undefined : stored.get(account[0]);
				if (credential !== undefined) await editor.useCredential(credential);
				await fill(wrong);
				await failsWith(message, description);
				await fill(right);
				await editor.execute();
				const output = await editor.output();
				assert.equal(output.get('status'), 'queued', JSON.stringify([...output]));
			});
	});

	describe('of the tools of an agent', () => {
		const tools = [
			['Send OTP Call', 'sendOtpCallTool', /^Calls a phone .* use it once for each request/],
			['Get OTP Call Status', 'getOtpCallStatusTool', /^Tells where an OTP call stands/],
			['Check OTP Code', 'checkOtpCodeTool', /never guess one/],
		] as const;
		before(async () => {
			const nodes = tools.map(([name, type]) => ({ name, type, typeVersion: 1.1, parameters: {} }));
			await editor.openWorkflow(await n8n.createWorkflow('Tools', nodes));
		});

		for (const [name, , told] of tools)
			it(`begin with what the model reads of it: ${name}`, async () => {
				await editor.openNode(name);
				assert.deepEqual((await editor.form.labels()).slice(0, 2), ['Description', 'Provider']);
				assert.match(await editor.form.shown('Description'), told);
				await editor.closeNode();
			});
	});

	describe('of the credentials', () => {
		beforeEach(() => begin('Send OTP Call'));

		it('say what to do about a token that is refused, and take a good one', async () => {
			await editor.form.choose('Provider', 'Bitel');
			await editor.newCredential();
			await editor.credential.type('Token', 'wrong');
			await editor.credential.type('Base URL', simulator.url);
			await editor.saveCredential();
			await editor.credentialSays(
				/Bitel did not accept the token of the credential \(HTTP 401\)\. .* without spaces/,
			);
			await editor.credential.type('Token', SIMULATOR_TOKEN);
			await editor.saveCredential();
			// n8n closes it when its test is passed.
			await editor.credential.element.waitFor({ state: 'detached' });
		});

		it('say which field is wrong when nobody answers, or an API key is refused', async () => {
			await editor.form.choose('Provider', 'TEL4VN Autocall');
			await editor.newCredential();
			await editor.credential.type('Base URL', 'http://127.0.0.1:9');
			await editor.credential.type('API Key', 'wrong');
			await editor.saveCredential();
			await editor.credentialSays(/refused the connection|Check Base URL/);
			await editor.credential.type('Base URL', simulator.url);
			await editor.saveCredential();
			await editor.credentialSays(/did not accept the API Key of the credential/);
			await editor.credential.type('API Key', SIMULATOR_API_KEY);
			await editor.saveCredential();
			await editor.credential.element.waitFor({ state: 'detached' });
		});
	});

	describe('with a list to pick from', () => {
		before(async () => {
			const account = { authentication: 'apiKey', apiKey: SIMULATOR_API_KEY };
			const { name } = await n8n.createCredential('autocallApi', {
				...account,
				baseUrl: simulator.url,
			});
			await begin('Send OTP Call');
			await editor.form.choose('Provider', 'TEL4VN Autocall');
			await editor.useCredential(name);
			await fill({ 'Phone Number': '0332665711', Code: '4 8 1 5' });
		});

		it('say that a template is needed, before anything runs', async () => {
			assert.match(await editor.refusedToExecute(), /"Template" is required/);
			assert.equal(simulator.requests.length, 0);
		});

		it('offer those that can be used first, mark the others, and take one by mouse', async () => {
			const campaigns = await editor.form.openList('Campaign');
			assert.match(campaigns[0] ?? '', /^(?!.*\((stopped|paused))/);
			assert.ok(campaigns.some((name) => /stopped/.test(name)));
			await editor.form.pick(campaigns[0] ?? '');
			assert.equal(await editor.form.shown('Campaign'), campaigns[0]);
		});

		it('take one by keyboard, found by a part of its name', async () => {
			await editor.form.openList('Template');
			await editor.page.keyboard.type(SEED_TEMPLATE_NAME.slice(0, 6));
			await editor.form.listed(SEED_TEMPLATE_NAME);
			await editor.page.keyboard.press('ArrowDown');
			await editor.page.keyboard.press('Enter');
			assert.equal(await editor.form.shown('Template'), SEED_TEMPLATE_NAME);
			await editor.execute();
			assert.equal((await editor.output()).get('provider'), 'autocall');
			assert.equal(simulator.counters.placed, 1);
		});
	});

	describe('of Get OTP Call Status', () => {
		before(async () => {
			await begin('Send OTP Call');
			await fill({ 'Phone Number': '09123456789', Code: '1234' });
			await editor.execute();
			await editor.closeNode();
			await editor.addNode('Get OTP Call Status', 'Get OTP call status');
		});

		it('need nothing to be filled in behind a call', async () => {
			assert.equal(await editor.form.shown('Provider'), 'Sandbox');
			await editor.execute();
			const output = await editor.output();
			assert.equal(output.get('phoneNumber'), '+989123456789');
		});

		it('say where to switch when an expression was pasted as text', async () => {
			await editor.form.paste('Call ID', '{{ $json.callId }}');
			await failsWith(
				/^Call ID holds .* not as an expression$/,
				/^Switch this field to Expression/,
			);
		});

		it('name the provider of an ID that belongs to another one', async () => {
			await editor.form.paste('Call ID', '69b9e312e3b64b3880760639f5dfdffa');
			await failsWith(/Call ID/, /Provider|Bitel/);
		});
	});

	describe('of Check OTP Code', () => {
		before(async () => {
			await begin('Send OTP Call');
			await fill({ 'Phone Number': '09123456789', Code: '1234' });
			await editor.execute();
			await editor.closeNode();
			await editor.addNode('Check OTP Code');
		});

		it('say what is missing when the code was not kept', async () => {
			await fill({ Code: '1234' });
			await failsWith(/^Verification is empty/, /Keep for Check/);
		});

		it('tell a right code from a wrong one', async () => {
			await editor.closeNode();
			await editor.openNode('Send OTP Call');
			await editor.form.turn('Keep for Check', true);
			await editor.execute();
			await editor.closeNode();
			await editor.openNode('Check OTP Code');
			await fill({ Code: '4321' });
			await editor.execute();
			await editor.openOutput('Not Right');
			const wrong = await editor.output();
			assert.equal(wrong.get('reason'), 'wrong-code');
			await fill({ Code: '۱۲۳۴' });
			await editor.execute();
			await editor.openOutput('Right');
			const right = await editor.output();
			assert.equal(right.get('valid'), 'true');
		});
	});
});
