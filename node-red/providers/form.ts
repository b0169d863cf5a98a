/** Words by locale, as Node-RED names locales; `en-US` stands in for those that are missing. */
export type LocalWords = Readonly<Record<string, string>> & { readonly 'en-US': string };

/** One of a provider's own fields in the form of the send node. */
export interface SendField {
	/** As in flows, and as the core names it. */
	readonly name: string;
	readonly label: LocalWords;
	readonly placeholder: LocalWords;
	/** Shown under the field. */
	readonly hint?: LocalWords;
	/** An icon of Font Awesome 4.7, without its prefix. */
	readonly icon: string;
	/** What the field may be, by the names of Node-RED's typed inputs; the first is the default. */
	readonly types: readonly string[];
	readonly required?: boolean;
	/** The account may hold a default under the same name. */
	readonly defaultInAccount?: boolean;
	/** A list of the provider to pick the value from. */
	readonly pickFrom?: string;
}

/** What the editor has to know of a provider. */
export interface ProviderForm {
	readonly name: string;
	readonly label: string;
	/** The rows of the account's form that this provider has, and what their empty fields show. */
	readonly account: Readonly<
		Record<string, { readonly placeholder?: string; readonly required?: boolean }>
	>;
	readonly send: readonly SendField[];
	/** The status node can ask for the provider's own ID of a record. */
	readonly record: boolean;
	/** The status node can list calls. */
	readonly calls: boolean;
	/** Which codes can be read out, for the form that generates them. */
	readonly code: { readonly digitsOnly: boolean; readonly maxLength: number };
}
