import assert from 'node:assert/strict';

import {
	DEFAULT_CAMPAIGNS,
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
	type Simulator,
	startSimulator,
} from '../../tools/simulator';
import { hosts } from '../node-red/runningFlow';
import { assertAccessible } from './browser/browser';
import { NodeRedEditor } from './browser/nodeRedEditor';
import type { NodeRedForm } from './browser/nodeRedForm';
import { nodeRedWith } from './hosts/hooks';
import type { NodeRedProcess } from './hosts/nodeRed';
import { eventually } from './hosts/programs';

/** What is typed into a field at first, what the form says of it, and what it takes. */
type Mistake = readonly [label: string, wrong: string, says: RegExp, right: string];

const seconds = (label: string): Mistake => [
	label,
	'soon',
	new RegExp(`^${label} must be a number of seconds from 0\\.1 to \\d+$`),
	'12.5',
];

const count = (label: string, wrong: string, rule: string, right = '3'): Mistake => [
	label,
	wrong,
	new RegExp(`^${label} must be a whole number${rule}$`),
	right,
];

const timing = ['Timeout', 'Check Every'].map(seconds);

/** Makes every mistake, sees what the form says, and corrects it. */
async function fillIn(form: NodeRedForm, mistakes: readonly Mistake[]): Promise<void> {
	for (const [label, wrong, says, right] of mistakes) {
		await form.type(label, wrong);
		assert.match((await form.problem(label)) ?? `${label}: ${wrong} is taken`, says);
		await form.type(label, right);
		assert.equal(await form.problem(label), null, `${label}: ${right}`);
	}
}

const uuidOf = (campaign: string): string | undefined =>
	DEFAULT_CAMPAIGNS.find(({ campaign_name: name }) => name === campaign)?.campaign_uuid;

for (const version of hosts) {
	describe(`Editor: the forms in ${version}`, () => {
		let simulator: Simulator;
		let host: NodeRedProcess;
		let editor: NodeRedEditor;
		before(async () => {
			simulator = await startSimulator();
			const calls = { module: 'localfilesystem', config: { cache: false } };
			host = await nodeRedWith({ default: { module: 'memory' }, calls }, { version });
			const account = (provider: string, credentials: object) => ({
				// No property may hold it, or Node-RED takes that for a reference.
				id: `my-${provider}`,
				type: 'otp-call-account',
				name: `My ${provider}`,
				provider,
				baseUrl: simulator.url,
				authentication: 'apiKey',
				credentials,
			});
			await host.deploy([
				account('bitel', { token: SIMULATOR_TOKEN }),
				account('autocall', { apiKey: SIMULATOR_API_KEY }),
			]);
			editor = await NodeRedEditor.open(host.url);
		});
		beforeEach(() => editor.goTo(host.url));
		after(async () => {
			await editor.close();
			await host.kill();
			await simulator.close();
		});

		/** Drags a node out of the palette, and opens its form. */
		const newForm = async (label: string): Promise<[string, NodeRedForm]> => {
			const id = await editor.drag(await editor.typeOf(label), { x: 300, y: 250 });
			return [id, await editor.openForm(id)];
		};

		it('the send node: say in words what is wrong with each field, and take what is right', async () => {
			const [id, form] = await newForm('send OTP call');
			assert.equal(await form.problem('Account'), 'No account is chosen');
			await form.choose('Account', 'My bitel');
			assert.equal(await form.problem('Account'), null);
			await form.unfold('Protection');
			await form.unfold('More options');
			await form.tick('Wait for Result');
			await fillIn(form, [
				['Phone Number', '', /^Phone Number is empty$/, 'order.phone'],
				['Code', '', /^Code is empty$/, 'order.code'],
				['Code Lifetime', '9', /^Code Lifetime must be a number of seconds from 10 to 600$/, '120'],
				count('Repeat Count', '0', ', 1 or more'),
				count('Retry Count', 'twice', ', 0 or more'),
				count('Cool-Down', '-5', ' from 0 to 86400', '60'),
				count('Max Calls per Hour', '1.5', ' from 0 to 60', '5'),
				count('Max Calls per Hour, All Numbers', 'many', ' from 0 to 100000', '100'),
				count('Max Calls per Day, All Numbers', '-1', ' from 0 to 100000', '1000'),
				...timing,
				seconds('Wait Timeout'),
			]);
			await form.tick('Generate Code');
			await fillIn(form, [count('Code Length', '6', ' from 1 to 5', '5')]);
			await form.done();
			assert.equal(await editor.problemOf(id), null);
		});

		it('the send node: see a number under “msg.”, take it as text, and say so', async () => {
			const [, form] = await newForm('send OTP call');
			for (const [label, value] of [
				['Phone Number', '۰۹۱۲ ۳۴۵ ۶۷۸۹'],
				['Code', '80417'],
			] as const) {
				assert.equal(await form.source(label), 'msg.');
				await form.type(label, value);
				assert.equal(await form.source(label), 'string');
				assert.match(await form.noteUnder(label), /Taken as text/);
			}
			await form.type('Purpose', 'msg.payload.why');
			assert.equal(await form.source('Purpose'), 'msg.');
			assert.equal(await form.field('Purpose').inputValue(), 'payload.why');
			assert.match(await form.noteUnder('Purpose'), /Taken from this property of the message/);
		});

		it('the status node: say what is wrong with each field, and take what is right', async () => {
			const [id, form] = await newForm('OTP call status');
			await form.choose('Account', 'My autocall');
			await form.unfold('More options');
			await form.tick('Wait Until Ended');
			await fillIn(form, [
				['Call ID', '', /^Call ID is empty$/, 'order.callId'],
				...timing,
				seconds('Wait Timeout'),
			]);
			await form.choose('Operation', 'Many calls');
			await fillIn(form, [count('Limit', '0', ', 1 or more')]);
			await form.done();
			assert.equal(await editor.problemOf(id), null);
		});

		it('the check node: say what is wrong with each field, and take what is right', async () => {
			const [id, form] = await newForm('check OTP code');
			await form.choose('Account', 'My bitel');
			await fillIn(form, [
				['Verification', '', /^Verification is empty$/, 'payload.token'],
				['Code', '', /^Code is empty$/, 'payload.typed'],
				count('Max Attempts', '6', ' from 1 to 5'),
			]);
			await form.choose('Remember In', 'calls');
			await form.done();
			assert.equal(await editor.problemOf(id), null);
		});

		it('the event node: say what is wrong with each field, and take what is right', async () => {
			const [id, form] = await newForm('OTP call event');
			await form.choose('Account', 'My bitel');
			await fillIn(form, [
				[
					'Public URL',
					'not a url',
					/^Public URL must be a web address/,
					'https://flows.example.com',
				],
				['Path', 'a b?c=1', /^Path must be letters, digits/, 'otp/ended'],
			]);
			await form.done();
			assert.equal(await editor.problemOf(id), null);
		});

		it('the account: say what is wrong with each field, and take what is right', async () => {
			const [id, form] = await newForm('send OTP call');
			const account = await form.addAccount();
			await account.choose('Provider', 'TEL4VN Autocall');
			await account.unfold('More options');
			await fillIn(account, [
				[
					'Base URL',
					'ftp://api.example.com',
					/^Base URL must begin with https:\/\//,
					simulator.url,
				],
				['API Key', '', /^API Key is empty$/, SIMULATOR_API_KEY],
				count('Calls at a Time', '0', ', 1 or more', '10'),
			]);
			await account.done();
			assert.equal(await form.problem('Account'), null);
			await form.cancel();
			assert.match((await editor.problemOf(id)) ?? '', /No account is chosen/);
		});

		it('every form: take what its placeholders show', async () => {
			const takesExample = async (form: NodeRedForm, label: string): Promise<void> => {
				const example = (await form.placeholder(label)).replace(/^e\.g\. /, '');
				for (const value of example.split(' or ')) {
					assert.notEqual(value, '', label);
					await form.type(label, value);
					assert.equal(await form.problem(label), null, `${label}: ${value}`);
				}
			};
			const [, send] = await newForm('send OTP call');
			await takesExample(send, 'Phone Number');
			assert.equal(await send.source('Phone Number'), 'string');
			const account = await send.addAccount();
			await account.choose('Provider', 'TEL4VN Autocall');
			for (const label of ['Base URL', 'Campaign UUID']) await takesExample(account, label);
			await account.cancel();
			await send.cancel();
			const [, event] = await newForm('OTP call event');
			for (const label of ['Public URL', 'Path']) await takesExample(event, label);
		});

		it('the account: be tested with a wrong token and with the right one', async () => {
			const [, form] = await newForm('send OTP call');
			const account = await form.addAccount();
			await account.choose('Provider', 'Bitel');
			await account.type('Base URL', simulator.url);
			await account.type('Token', 'not-the-token');
			assert.match(await account.test(), /Bitel did not accept the token/);
			await account.type('Token', SIMULATOR_TOKEN);
			assert.match(await account.test(), /^Bitel accepts this account\.$/);
		});

		it('the list of campaigns: offer them to the mouse and to the keyboard', async () => {
			const [, form] = await newForm('send OTP call');
			await form.choose('Account', 'My autocall');
			const list = await form.openList('Campaign');
			await list.getByText('VoiceOTP Mornings').waitFor();
			await assertAccessible(list);
			await list.getByText('VoiceOTP Mornings').click();
			await list.waitFor({ state: 'hidden' });
			const field = form.field('Campaign');
			assert.equal(await field.inputValue(), uuidOf('VoiceOTP Mornings'));

			// The focus is back on the button beside the field.
			const { keyboard } = editor.page;
			await keyboard.press('Enter');
			await list.waitFor();
			await keyboard.type('VoiceOTP 01');
			const options = list.getByRole('option');
			await eventually('ten are left', async () => (await options.count()) === 10);
			await keyboard.press('ArrowDown');
			await keyboard.press('Enter');
			await list.waitFor({ state: 'hidden' });
			const picked = await field.inputValue();
			const chosen = DEFAULT_CAMPAIGNS.find(({ campaign_uuid: uuid }) => uuid === picked);
			assert.match(chosen?.campaign_name ?? '', /^VoiceOTP 01\d$/);

			await keyboard.press('Enter');
			await list.waitFor();
			await keyboard.press('Escape');
			await list.waitFor({ state: 'hidden' });
			assert.equal(await field.inputValue(), picked);
		});
	});
}
