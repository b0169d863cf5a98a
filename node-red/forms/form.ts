import type { EventType } from '../../providers/contract';

/** What the editor has to know of a provider, as plain data. The words are in the locale files. */

/** Where a value may come from, by the names of Node-RED's typed inputs. */
export type Source = 'str' | 'num' | 'msg' | 'flow' | 'global' | 'jsonata' | 'env';

export interface FormField {
	/** As the provider names it: its words are found under this name. */
	readonly name: string;
	/** The property of the node that holds the value. */
	readonly property: string;
	readonly kind: 'count' | 'line' | 'reference' | 'list' | 'secret' | 'url' | 'choice';
	/** An icon of Font Awesome 4.7, without its prefix. */
	readonly icon: string;
	/** Where the value may come from; the first is the usual one. */
	readonly sources: readonly [Source, ...Source[]];
	readonly required: boolean;
	/** Rarely set: it stands among the options that are folded away. */
	readonly advanced: boolean;
	/** A value in the account's property of the same name will do. */
	readonly accountDefault: boolean;
	readonly hasPlaceholder: boolean;
	readonly hasHint: boolean;
	/** The list of the provider from which the value can be picked. */
	readonly pickFrom?: string;
	/** The values that can be chosen. */
	readonly options?: readonly string[];
	/** The value of a form that nobody has touched. */
	readonly usual: string;
	/** Shown only while another field of the same form has this value. */
	readonly onlyIf?: { readonly field: string; readonly is: string };
	readonly least?: number;
	readonly most?: number;
}

export interface ProviderForm {
	readonly name: string;
	readonly label: string;
	/** Where it calls, ISO 3166 alpha-2. */
	readonly countries: readonly string[];
	/** False for a provider without a server: nothing is to be said of the network. */
	readonly hasServer: boolean;
	readonly account: readonly FormField[];
	/** The value of a choice that has the account's token used, where there is a choice. */
	readonly tokenIf: { readonly field: string; readonly is: string } | null;
	readonly send: readonly FormField[];
	/** Null: the provider has no list of calls. */
	readonly filters: readonly FormField[] | null;
	/** The status node can ask for the provider's own ID of a record. */
	readonly hasRecords: boolean;
	/** Which codes can be read out, for the form that generates them. */
	readonly code: { readonly digitsOnly: boolean; readonly maxLength: number };
	/** Null: it delivers no events. `told`: how it learns the address. */
	readonly events: {
		readonly types: readonly EventType[];
		readonly told: 'by the node' | 'with each call' | 'by hand';
	} | null;
}

/** What Node-RED has in the place of a password that is stored, which never comes back to the editor. */
export const storedSecret = '__PWRD__';

/** An account as it stands in an open form, or in the editor before it is deployed. */
export interface AccountForm {
	/** By the names of the node's properties. */
	readonly properties: Readonly<Record<string, unknown>>;
	/** By the names of the provider's fields; `storedSecret`: the one that the runtime has. */
	readonly secrets: Readonly<Record<string, unknown>>;
}
