import type { INodeProperties } from 'n8n-workflow';

/** How a builder fills in a call of one provider. */
export interface SendForm {
	/** The provider's name, as in `providers/`. */
	readonly provider: string;
	/** Shown beside its name in the list of providers. */
	readonly description: string;
	/**
	 * The provider's own fields, each under its name in flows. Those in a collection count as fields of
	 * their own. That they show for this provider only is added in the index.
	 */
	readonly properties: readonly INodeProperties[];
}
