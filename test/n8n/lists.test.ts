import assert from 'node:assert/strict';
import type { INodeListSearchResult } from 'n8n-workflow';

import { STOPPED_CAMPAIGN_UUID, SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { searchList } from './engine';
import type { NodeUnderTest } from './engine';

describe('lists of Send OTP Call in n8n', () => {
	let simulator: Simulator;

	before(async () => {
		simulator = await startSimulator();
	});
	after(() => simulator.close());
	beforeEach(() => simulator.reset());

	const sending = (token = SIMULATOR_TOKEN): NodeUnderTest => ({
		type: 'sendOtpCall',
		parameters: { provider: 'autocall' },
		credentials: { autocallApi: { authentication: 'token', token, baseUrl: simulator.url } },
	});

	const allPages = async (method: string, filter?: string) => {
		const pages: INodeListSearchResult[] = [];
		let token: string | undefined;
		do {
			const page = await searchList(sending(), method, filter, token);
			pages.push(page);
			token = page.paginationToken;
		} while (token !== undefined);
		return pages;
	};

	for (const method of ['searchCampaigns', 'searchTemplates']) {
		it(`${method} gives all pages, each entry once`, async () => {
			const pages = await allPages(method);
			const values = pages.flatMap(({ results }) => results.map(({ value }) => value));
			assert.ok(values.length > 100);
			assert.equal(new Set(values).size, values.length);
		});
	}

	it('finds what a later page holds, in one step', async () => {
		const page = await searchList(sending(), 'searchCampaigns', 'voiceotp 119');
		assert.deepEqual(
			page.results.map(({ name }) => name),
			['VoiceOTP 119'],
		);
	});

	it('ends when nothing matches', async () => {
		assert.deepEqual(await searchList(sending(), 'searchTemplates', 'nothing like it'), {
			results: [],
		});
	});

	it('points out a stopped campaign', async () => {
		const { results } = await searchList(sending(), 'searchCampaigns', 'stopped');
		assert.deepEqual(results, [
			{
				name: 'VoiceOTP Stopped (stopped)',
				value: STOPPED_CAMPAIGN_UUID,
				description: 'voice OTP',
			},
		]);
	});

	it('gives a template by its name, and says that it reads the code', async () => {
		const { results } = await searchList(sending(), 'searchTemplates', 'otp_script_01');
		assert.deepEqual(results[0], {
			name: 'otp_script_01',
			value: 'otp_script_01',
			description: 'reads the code',
		});
	});

	it('says why a list cannot be loaded', async () => {
		await assert.rejects(searchList(sending('wrong'), 'searchCampaigns'), {
			name: 'NodeApiError',
			message: /did not accept the token of the credential/,
		});
	});

	it('says that the account is missing', async () => {
		const { type, parameters = {} } = sending();
		await assert.rejects(
			searchList({ type, parameters }, 'searchCampaigns'),
			/Credential is missing/,
		);
	});

	it('begins at the first page when the token for the next is not one of its own', async () => {
		const first = await searchList(sending(), 'searchCampaigns');
		for (const token of ['-1', '1e9', 'x', '']) {
			assert.deepEqual(await searchList(sending(), 'searchCampaigns', '', token), first);
		}
	});

	it('is empty for a provider without lists, without a request', async () => {
		const sandbox = { type: 'sendOtpCall', parameters: { provider: 'sandbox' } };
		assert.deepEqual(await searchList(sandbox, 'searchCampaigns'), { results: [] });
		assert.equal(simulator.requests.length, 0);
	});
});
