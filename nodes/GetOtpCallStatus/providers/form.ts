import type { INodeProperties } from 'n8n-workflow';

/** How a builder asks for the calls of one provider. */
export interface StatusForm {
	/** The provider's name, as in `providers/`. */
	readonly provider: string;
	/** Shown beside its name in the list of providers. */
	readonly description: string;
	/** What the list of its calls can be narrowed by; for a provider that has none. */
	readonly filters?: INodeProperties[];
}
