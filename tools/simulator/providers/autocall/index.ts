import { STATUS_CODES } from 'node:http';
import type { ApiRequest } from '../../http/request';
import { readObject, readText } from '../../json';
import type { Network } from '../../network';
import {
	type CommonAnswers,
	type Controls,
	type Endpoint,
	type Provider,
	type ProviderApi,
	jsonAnswer,
} from '../../provider';
import { AutocallAccount, type AutocallContext, type Registration, Registrations } from './account';
import { autocallError } from './answers';
import { callEndpoints, keysOf } from './calls';
import type { AutocallCall } from './cdr';
import { eventEndpoints, webhooksOf } from './events';
import { listEndpoints } from './lists';
import {
	type Campaign,
	PAUSED_CAMPAIGN_UUID,
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	STOPPED_CAMPAIGN_UUID,
} from './seeds';
import { autocallSettings } from './settings';
import { IssuedTokens, SIMULATOR_API_KEY, tokenEndpoint } from './token';

/** TEL4VN Autocall (PiTEL). */
export const autocall = {
	name: 'autocall',
	title: 'Autocall',
	seeds: {
		'API key': SIMULATOR_API_KEY,
		campaign: SEED_CAMPAIGN_UUID,
		'other campaigns': `${STOPPED_CAMPAIGN_UUID} (stopped), ${PAUSED_CAMPAIGN_UUID} (paused)`,
		template: SEED_TEMPLATE_NAME,
	},
	planIds: ['callId', 'sipCallId', 'leadUuid'],
	open: (network: Network) => new AutocallApi(network),
} satisfies Provider;

/** What the simulator can do or show for Autocall alone. */
export interface AutocallMembers {
	/** The event registrations that there are. */
	readonly registrations: readonly Registration[];
	/** Changes a campaign's fields. @throws RangeError when there is no such campaign */
	changeCampaign(campaignUuid: string, change: Partial<Omit<Campaign, 'campaign_uuid'>>): void;
	/** Lets no token that was issued for an API key be accepted any more. */
	revokeIssuedTokens(): void;
}

/** Autocall's API v3 (events: v1), as far as it is documented. */
class AutocallApi implements ProviderApi {
	readonly paths = /^\/(v3|v1\/event)(\/|$)/;
	readonly settings = autocallSettings();
	readonly answers: CommonAnswers = {
		unknownPath: autocallError(404, 'Not Found'),
		wrongMethod: autocallError(405, 'Method Not Allowed'),
		unauthorized: jsonAnswer(401, { message: 'Unauthorized' }),
		withStatus: (status) => jsonAnswer(status, { message: STATUS_CODES[status] ?? 'Error' }),
	};
	readonly endpoints: readonly Endpoint[];
	readonly members: AutocallMembers;
	readonly controls: Controls;
	readonly #network: Network;
	readonly #account = new AutocallAccount();
	readonly #registrations: Registrations;
	readonly #tokens: IssuedTokens;

	constructor(network: Network) {
		this.#network = network;
		this.#registrations = new Registrations(() => network.receiversChanged());
		this.#tokens = new IssuedTokens(network.clock);
		const context: AutocallContext = {
			network,
			account: this.#account,
			registrations: this.#registrations,
			calls: network.keepCalls<AutocallCall>({
				keysOf,
				webhooksOf: (call) => webhooksOf(context, call),
			}),
			settings: this.settings,
		};
		this.endpoints = [
			...callEndpoints(context),
			...listEndpoints(context),
			...eventEndpoints(context),
			tokenEndpoint(context, this.#tokens),
		];
		this.members = this.#createMembers();
		this.controls = controlsOf(this.members);
	}

	credentialOf(request: ApiRequest): string | undefined {
		return request.bearerToken;
	}

	accepts(token: string | undefined): boolean {
		return this.#network.acceptsToken(token) || this.#tokens.accepts(token);
	}

	reset(): void {
		this.#account.reset();
		this.#registrations.clear();
		this.#tokens.revokeAll();
	}

	#createMembers(): AutocallMembers {
		const registrations = this.#registrations;
		return {
			get registrations() {
				return registrations.all();
			},
			changeCampaign: (campaignUuid, change) => {
				this.#account.changeCampaign(campaignUuid, change);
				if (change.callback_url !== undefined) this.#network.receiversChanged();
			},
			revokeIssuedTokens: () => this.#tokens.revokeAll(),
		};
	}
}

function controlsOf(members: AutocallMembers): Controls {
	return {
		'GET /registrations': () => members.registrations,
		'POST /campaign-callback': (body) => {
			const wanted = readObject(body);
			members.changeCampaign(readText(wanted, 'campaignUuid'), {
				callback_url: readText(wanted, 'callbackUrl'),
			});
		},
		'POST /tokens/revoke': () => members.revokeIssuedTokens(),
	};
}
