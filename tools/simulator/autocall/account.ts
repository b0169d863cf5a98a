import { type Campaign, DEFAULT_CAMPAIGNS } from './campaigns';
import { DEFAULT_TEMPLATES, type Template } from './templates';

/** What is set up in the simulated Autocall account. */
export class AutocallAccount {
	readonly templates: readonly Template[];
	readonly #given: readonly Campaign[];
	#campaigns: readonly Campaign[];

	constructor(
		campaigns: readonly Campaign[] = DEFAULT_CAMPAIGNS,
		templates: readonly Template[] = DEFAULT_TEMPLATES,
	) {
		this.#given = campaigns;
		this.#campaigns = campaigns;
		this.templates = templates;
	}

	get campaigns(): readonly Campaign[] {
		return this.#campaigns;
	}

	campaign(campaignUuid: string): Campaign | undefined {
		return this.#campaigns.find((campaign) => campaign.campaign_uuid === campaignUuid);
	}

	hasTemplate(name: string): boolean {
		return this.templates.some((template) => template.template_name === name);
	}

	/**
	 * Changes fields of one campaign, such as its `callback_url` or `status`.
	 * @throws RangeError when there is no such campaign
	 */
	changeCampaign(campaignUuid: string, change: Partial<Omit<Campaign, 'campaign_uuid'>>): void {
		if (this.campaign(campaignUuid) === undefined) {
			throw new RangeError(`There is no campaign ${campaignUuid}`);
		}
		this.#campaigns = this.#campaigns.map((campaign) =>
			campaign.campaign_uuid === campaignUuid ? { ...campaign, ...change } : campaign,
		);
	}

	/** Undoes every change. */
	reset(): void {
		this.#campaigns = this.#given;
	}
}
