import assert from 'node:assert/strict';

import {
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
	type Simulator,
	startSimulator,
} from '../../tools/simulator';
import { type N8nEditor, openN8nEditor } from './browser/n8nEditor';
import { n8nInRegularMode } from './hosts/hooks';
import { eventually } from './hosts/programs';

const esmsKeys = { apiKey: 'esms-api-key', secretKey: 'esms-secret-key' };

/** How a form is filled: labels and what is typed under them. */
type Filled = Readonly<Record<string, string>>;

interface SendForm {
	readonly provider: string;
	readonly credential?: string;
	readonly account?: Readonly<Record<string, string>>;
	readonly wrong: Filled;
	readonly says: RegExp;
	readonly remedy: RegExp;
	readonly right: Filled;
}

/** What a person gets wrong first with each provider, and what is right. */
const sendForms: readonly SendForm[] = [
	{
		provider: 'Sandbox',
		wrong: { 'Phone Number': '12', Code: '1234' },
		says: /^Phone Number is not a possible phone number of Iran or Vietnam$/,
		remedy: /such as 09123456789/,
		right: { 'Phone Number': '09123456789' },
	},
	{
		provider: 'Bitel',
		credential: 'bitelApi',
		account: { token: SIMULATOR_TOKEN },
		wrong: { 'Phone Number': '09123456789', Code: '123456' },
		says: /^Code must have 1 to 5 /,
		remedy: /5/,
		right: { Code: '12345' },
	},
	{
		provider: 'Kavenegar',
		credential: 'kavenegarApi',
		account: { apiKey: SIMULATOR_TOKEN },
		wrong: { 'Phone Number': '09123456789', Code: '1234', Template: 'no-such-template' },
		says: /Kavenegar/,
		remedy: /Template/,
		right: { Template: 'simulator-verify' },
	},
	{
		provider: 'TEL4VN Autocall',
		credential: 'autocallApi',
		account: { authentication: 'apiKey', apiKey: SIMULATOR_API_KEY },
		wrong: { 'Phone Number': '09123456789', Code: '4 8 1 5' },
		says: /^Template is required/,
		remedy: /./,
		right: { 'Phone Number': '0332665711' },
	},
	{
		provider: 'eSMS',
		credential: 'esmsApi',
		account: esmsKeys,
		wrong: { 'Phone Number': '0332665711', Code: '12345678901' },
		says: /^Code must have 1 to 10 /,
		remedy: /./,
		right: { Code: '123456' },
	},
];

describe('Editor: n8n, the forms', () => {
	let editor: N8nEditor;
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator({
			queuedMs: 100,
			ringsMs: 100,
			talksMs: 100,
			tokens: [SIMULATOR_TOKEN, ...Object.values(esmsKeys)],
		});
		editor = await openN8nEditor(await n8nInRegularMode());
	});
	beforeEach(async () => {
		simulator.reset();
		await editor.newWorkflow();
		await editor.addNode('Manual Trigger');
	});
	after(async () => {
		await editor.page.context().close();
		await simulator.close();
	});

	const fill = async (filled: Filled) => {
		for (const [label, text] of Object.entries(filled)) await editor.form.type(label, text);
	};

	it('says of a token or key that is refused what to do, and takes a good one', async () => {
		await editor.addNode('Send OTP Call');
		const { credential } = editor;
		await editor.form.choose('Provider', 'Bitel');
		await editor.newCredential();
		await credential.type('Token', 'wrong');
		await credential.type('Base URL', simulator.url);
		await editor.saveCredential();
		assert.match(await editor.credentialProblem(), /Bitel did not accept .*Token.* credential/);
		await credential.type('Token', SIMULATOR_TOKEN);
		await editor.saveCredential();
		await credential.element.waitFor({ state: 'detached' });

		await editor.form.choose('Provider', 'TEL4VN Autocall');
		await editor.newCredential();
		await credential.type('Base URL', 'http://127.0.0.1:9');
		await credential.type('API Key', 'wrong');
		await editor.saveCredential();
		assert.match(await editor.credentialProblem(), /refused|Base URL/);
		await credential.type('Base URL', simulator.url);
		await editor.saveCredential();
		assert.match(await editor.credentialProblem(), /did not accept the API Key/);
		await credential.type('API Key', SIMULATOR_API_KEY);
		await editor.saveCredential();
		await credential.element.waitFor({ state: 'detached' });
	});

	for (const { provider, credential, account, wrong, right, says, remedy } of sendForms)
		it(`says what is wrong with a call by ${provider}, and places a right one`, async () => {
			if (credential !== undefined) {
				const n8n = await n8nInRegularMode();
				await n8n.createCredential(credential, { ...account, baseUrl: simulator.url });
			}
			await editor.addNode('Send OTP Call');
			await editor.form.choose('Provider', provider);
			await fill(wrong);
			await editor.execute();
			const error = await editor.error();
			assert.match(error.message, says);
			assert.match(error.description, remedy);
			await fill(right);
			await editor.execute();
			const output = await editor.output();
			assert.equal(output.get('status'), 'queued', JSON.stringify([...output]));
		});
});
