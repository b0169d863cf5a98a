import assert from 'node:assert/strict';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { autocallSend, bitelSend, bitelStatus, sandboxSend } from './accounts';
import type { Prepared } from './accounts';
import { runNode } from './engine';
import { leftBehind } from './secrets';
import { record, shown, text } from './reading';

interface BadInput {
	readonly what: string;
	readonly field: string;
	readonly rule: RegExp;
	/** Default: `invalid-input`. */
	readonly kind?: string;
	readonly item?: IDataObject;
	readonly parameters?: INodeParameters;
}

const sends: readonly BadInput[] = [
	{ what: 'an empty phone number', field: 'phoneNumber', rule: /is empty/, item: { phone: '' } },
	{ what: 'no phone number', field: 'phoneNumber', rule: /is empty/, item: { phone: undefined } },
	{
		what: 'a number of another country',
		field: 'phoneNumber',
		rule: /of a country that Bitel does not call; it calls Iran/,
		kind: 'refused-by-rule',
		item: { phone: '+84332665711' },
	},
	{
		what: 'a number with a digit too few',
		field: 'phoneNumber',
		rule: /not a possible/,
		item: { phone: '0912345678' },
	},
	{
		what: 'a service number',
		field: 'phoneNumber',
		rule: /not a possible/,
		item: { phone: '110' },
	},
	{
		what: 'a number that is NaN',
		field: 'phoneNumber',
		rule: /text or a whole number|is empty/,
		item: { phone: NaN },
	},
	{
		what: 'a number that is a list',
		field: 'phoneNumber',
		rule: /text or a whole number/,
		item: { phone: ['09123456789'] },
	},
	{
		what: 'a number with a line break',
		field: 'phoneNumber',
		rule: /control characters/,
		item: { phone: '0912345\n6789' },
	},
	{ what: 'an empty code', field: 'code', rule: /is empty/, item: { code: '' } },
	{ what: 'no code', field: 'code', rule: /is empty/, item: { code: undefined } },
	{ what: 'letters in a code', field: 'code', rule: /made of digits only/, item: { code: '12a4' } },
	{
		what: 'a code of six digits',
		field: 'code',
		rule: /1 to 5 characters for Bitel, this one has 6/,
		item: { code: '123456' },
	},
	{
		what: 'a code that is an object',
		field: 'code',
		rule: /text or a whole number/,
		item: { code: { a: 1 } },
	},
	{
		what: 'a code that is a list',
		field: 'code',
		rule: /text or a whole number/,
		item: { code: [1] },
	},
	{
		what: 'a code with control characters',
		field: 'code',
		rule: /control characters/,
		item: { code: '12\u000034' },
	},
	...[0, -1, 1.5, 'abc'].map(
		(repeatCount): BadInput => ({
			what: `a repeat count of ${repeatCount}`,
			field: 'repeatCount',
			rule: /whole number, 1 or more/,
			parameters: { bitelOptions: { repeatCount } },
		}),
	),
	{
		what: 'a negative retry count',
		field: 'retryCount',
		rule: /whole number, 0 or more/,
		parameters: { bitelOptions: { retryCount: -1 } },
	},
	{
		what: 'a server ID of two lines',
		field: 'serverId',
		rule: /one line/,
		parameters: { bitelOptions: { serverId: 'a\nb' } },
	},
	...[0, -5, 'soon', 601].map(
		(timeout): BadInput => ({
			what: `a timeout of ${timeout}`,
			field: 'timeout',
			rule: /number of seconds from 0.1 to 600/,
			parameters: { options: { timeout } },
		}),
	),
	...[0, 'many', 101].map(
		(concurrency): BadInput => ({
			what: `a concurrency of ${concurrency}`,
			field: 'concurrency',
			rule: /whole number, 1 to 100/,
			parameters: { options: { concurrency } },
		}),
	),
	{
		what: 'a cool-down of more than a day',
		field: 'coolDownSeconds',
		rule: /whole number, 0 to 86400/,
		parameters: { options: { coolDownSeconds: 86_401 } },
	},
	{
		what: 'an expression that cannot be evaluated',
		field: 'phoneNumber',
		rule: /has no usable value/,
		parameters: { phoneNumber: "={{ $('Nowhere').item.json.phone }}" },
	},
];

const lookUps: readonly BadInput[] = [
	...['../../secret', 'a/b', 'a?b=c', 'a#b', '..', 'a%00b', 'a\\b'].map(
		(callId): BadInput => ({
			what: `a call ID ${JSON.stringify(callId)}`,
			field: 'callId',
			rule: /must not contain/,
			item: { callId },
		}),
	),
	{
		what: 'a call ID with a line break',
		field: 'callId',
		rule: /one line/,
		item: { callId: 'a\r\nb' },
	},
	{
		what: 'a call ID of 10,000 characters',
		field: 'callId',
		rule: /at most 200/,
		item: { callId: 'a'.repeat(10_000) },
	},
	{ what: 'an empty call ID', field: 'callId', rule: /is empty/, item: { callId: '  ' } },
	{
		what: 'a call ID that is an object',
		field: 'callId',
		rule: /must be text/,
		item: { callId: {} },
	},
];

const autocallSends: readonly BadInput[] = [
	{
		what: 'a campaign that is no UUID',
		field: 'campaign',
		rule: /must be a UUID/,
		parameters: { campaign: { __rl: true, mode: 'id', value: 'my campaign' } },
	},
	{
		what: 'no campaign anywhere',
		field: 'campaign',
		rule: /is empty/,
		parameters: { campaign: { __rl: true, mode: 'list', value: '' } },
	},
	{
		what: 'no template',
		field: 'template',
		rule: /is empty/,
		// n8n itself stops a workflow whose field is simply empty.
		parameters: { template: { __rl: true, mode: 'name', value: '={{ "" }}' } },
	},
	{
		what: 'a reference that contains the code',
		field: 'refId',
		rule: /must not contain the code/,
		parameters: { refId: 'order-80417' },
	},
	{
		what: 'a reference that would reach another path',
		field: 'refId',
		rule: /must not contain/,
		parameters: { refId: '../cdr' },
	},
];

describe('bad input in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	async function check(node: Prepared, items: IDataObject[], bad: BadInput) {
		const parameters = { ...node.parameters, ...bad.parameters };
		const run = await runNode({
			...node,
			parameters,
			items,
			settings: { onError: 'continueErrorOutput' },
		});
		const [good = [], failed = []] = run.outputs;
		const [first] = failed;
		const details = record(first?.json['details']);
		assert.equal(details.kind, bad.kind ?? 'invalid-input', leftBehind(run));
		assert.equal(details.field, bad.field);
		assert.match(text(first?.json['error']), bad.rule);
		assert.ok(text(details.remedy).length > 10);
		assert.equal(details.callMayHaveBeenPlaced, false);
		return { good, failed };
	}

	for (const bad of sends) {
		it(`refuses ${bad.what} before any request, naming ${bad.field}`, async () => {
			const item = { phone: '09123456789', code: '1234', ...bad.item };
			await check(bitelSend(simulator), [item], bad);
			assert.equal(simulator.counters.requests, 0);
		});
	}

	for (const bad of autocallSends) {
		it(`refuses ${bad.what} before any request, naming ${bad.field}`, async () => {
			const item = { phone: '0332665711', code: '80417', ...bad.item };
			await check(autocallSend(simulator), [item], bad);
			assert.equal(simulator.counters.requests, 0);
		});
	}

	for (const bad of lookUps) {
		it(`refuses ${bad.what.slice(0, 60)} before any request, or a wait`, async () => {
			await check(bitelStatus(simulator), [{ ...bad.item }], bad);
			await check(bitelStatus(simulator, { waitUntilEnded: true }), [{ ...bad.item }], bad);
			assert.equal(simulator.counters.requests, 0);
		});
	}

	it('goes on with the items that are good', async () => {
		const items = [
			{ phone: '09123456789', code: '1' },
			{ phone: '110', code: '1' },
			{ phone: '09123456780', code: '1' },
		];
		const bad = { what: '', field: 'phoneNumber', rule: /not a possible/ };
		const { good, failed } = await check(bitelSend(simulator), items, bad);
		assert.deepEqual(
			good.map(({ pairedItem }) => pairedItem),
			[{ item: 0 }, { item: 2 }],
		);
		assert.equal(failed.length, 1);
		assert.equal(simulator.counters.placed, 2);
	});

	for (const [baseUrl, rule] of [
		['http://api.bitel.rest', /must begin with https/],
		['https://user:secret@api.bitel.rest', /user name or a password/],
		['javascript:alert(1)', /must begin with https/],
		['https://api.bitel.rest?x=1', /must not contain \? or #/],
		['not an address', /not a web address/],
	] as const) {
		it(`refuses the base URL ${baseUrl}`, async () => {
			const node = bitelSend(simulator);
			const credentials = { bitelApi: { ...node.credentials['bitelApi'], baseUrl } };
			const items = [{ phone: '09123456789', code: '1' }];
			await check({ ...node, credentials }, items, { what: '', field: 'baseUrl', rule });
		});
	}

	for (const [token, rule] of [
		['', /is empty/],
		['two words', /holds spaces/],
		['a\nb', /holds spaces, line breaks/],
		['tökén', /special characters/],
	] as const) {
		it(`refuses the token ${JSON.stringify(token)} instead of sending a broken header`, async () => {
			const node = bitelSend(simulator);
			const credentials = { bitelApi: { baseUrl: simulator.url, token } };
			const items = [{ phone: '09123456789', code: '1' }];
			await check({ ...node, credentials }, items, { what: '', field: 'token', rule });
			assert.equal(simulator.counters.requests, 0);
		});
	}

	it('says that the account is missing', async () => {
		const run = await runNode({
			...bitelSend(simulator),
			credentials: {},
			items: [{ phone: '09123456789', code: '1' }],
		});
		assert.equal(run.run.status, 'error');
		const error = shown(run.error);
		assert.match(text(error.message), /^Credential is missing or cannot be used: /);
		assert.match(text(error.description), /^Choose a credential for Bitel/);
	});

	it('refuses another country for the sandbox as well', async () => {
		const bad = { what: '', field: 'phoneNumber', rule: /country/, kind: 'refused-by-rule' };
		await check(sandboxSend(), [{ phone: '+14155550123', code: '1' }], bad);
	});

	it('never shows a code in the error about it', async () => {
		const run = await runNode({
			...bitelSend(simulator),
			items: [{ phone: '09123456789', code: 'S3CR3T' }],
		});
		assert.ok(!leftBehind(run).includes('S3CR3T'));
	});
});
