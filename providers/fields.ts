/**
 * A field of a form as data. From it come both hosts' forms, the reading and checking of what was filled
 * in, and the words of the errors: a field is described once, by the provider or the rule that it is of.
 */

/** The languages of the forms. English is what is shown where a host has no other of them. */
export const languages = ['en', 'fa', 'vi'] as const;
export type Language = (typeof languages)[number];

/** The same words in each language. */
export type Words = Readonly<Record<Language, string>>;

/** What a text has to look like beyond being one line. */
export interface TextForm {
	readonly pattern: RegExp;
	/** Completes "<label> …": "must be a UUID such as …". */
	readonly rule: string;
}

interface FieldBase {
	/** By this name flows hold the value. Two providers may use the same. */
	readonly name: string;
	/** In English in title case. */
	readonly label: Words;
	/** What the field does: a sentence without its full stop. */
	readonly hint?: Words;
	/** What it means to leave the field empty; shown in the empty field where the host can. */
	readonly placeholder?: Words;
	/** A value as a user would type it, for "e.g. …". */
	readonly example?: string;
	/** An icon of Font Awesome 4.7, without its prefix, for hosts that show one. */
	readonly icon?: string;
	/** A call cannot be placed without it, unless the account holds a default. */
	readonly required?: boolean;
	/** The account has a field of the same name, whose value is taken where this one is empty. */
	readonly accountDefault?: boolean;
	/** Rarely set: a host may fold it away. */
	readonly advanced?: boolean;
	/** Usually another value for each call: a host offers to take it from the message first. */
	readonly perCall?: boolean;
	/** Shown, and needed, only while another field of the same form has this value. */
	readonly onlyIf?: { readonly field: string; readonly is: string };
	/** The name of the property in n8n's credential, where it is not the field's own. */
	readonly credentialName?: string;
}

/** A whole number. */
export interface CountField extends FieldBase {
	readonly kind: 'count';
	readonly least: number;
	readonly most?: number;
	/** What the provider or the rule takes where the field is empty. */
	readonly usual?: number;
}

/** One line of text. */
export interface LineField extends FieldBase {
	readonly kind: 'line';
	/** In characters; 200 where it says nothing. */
	readonly longest?: number;
	readonly form?: TextForm;
}

/** A reference of a call, which may stand in the path of a URL. */
export interface ReferenceField extends FieldBase {
	readonly kind: 'reference';
}

/** A line that is picked from a list of the provider, or typed. */
export interface ListField extends FieldBase {
	readonly kind: 'list';
	/** The name of the list among the provider's `lists`. */
	readonly pickFrom: string;
	/** What the value is to a person who types it. */
	readonly by: 'id' | 'name';
	/** How it is typed: a sentence without its full stop. */
	readonly entryHint?: Words;
	readonly form?: TextForm;
}

/** A token or key: shown to nobody, stored encrypted. */
export interface SecretField extends FieldBase {
	readonly kind: 'secret';
}

/** The address of an API. */
export interface UrlField extends FieldBase {
	readonly kind: 'url';
}

/** One of a few fixed values. */
export interface ChoiceField extends FieldBase {
	readonly kind: 'choice';
	readonly options: readonly {
		readonly value: string;
		readonly label: Words;
		readonly hint?: Words;
	}[];
	/** The value of a form that nobody has touched; the first option where it says nothing. */
	readonly usual?: string;
}

export type Field =
	| CountField
	| LineField
	| ReferenceField
	| ListField
	| SecretField
	| UrlField
	| ChoiceField;

/** What an error needs of a field to name it. */
export type FieldName = Pick<FieldBase, 'name' | 'label'>;

/** The same word in every language, for names that nobody translates. */
export const everywhere = (word: string): Words => ({ en: word, fa: word, vi: word });

/**
 * A field's label for a message: in the language of whoever reads it (`calls/words.ts`). The signs
 * around it are taken out of everything that a provider or a user has written.
 */
export const named = ({ label }: FieldName): string =>
	`‹${languages.map((language) => label[language]).join('|')}›`;

/** A field whose value breaks a rule, found before any request. */
export interface InvalidField {
	readonly is: 'invalid';
	readonly field: FieldName;
	/** Completes "<label> …": "must be a whole number from 1". Never holds the value itself. */
	readonly rule: string;
	/** What to do now. */
	readonly remedy: string;
}

export function invalid(field: FieldName, rule: string, remedy: string): InvalidField {
	return { is: 'invalid', field, rule, remedy };
}

/** True for what a field reader gives back instead of a value. */
export function isInvalid(value: unknown): value is InvalidField {
	return typeof value === 'object' && value !== null && 'is' in value && value.is === 'invalid';
}

/** The checked values of a provider's own fields; undefined: not set. */
export class FieldValues {
	readonly #values: ReadonlyMap<string, string | number>;

	/** @param values by the names of the fields */
	constructor(values: ReadonlyMap<string, string | number> = new Map()) {
		this.#values = values;
	}

	text({ name }: LineField | ReferenceField | ListField | ChoiceField): string | undefined {
		const value = this.#values.get(name);
		return value === undefined ? undefined : String(value);
	}

	count({ name }: CountField): number | undefined {
		const value = this.#values.get(name);
		return typeof value === 'number' ? value : undefined;
	}
}
