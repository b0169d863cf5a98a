import type { EditorNodeDef, EditorNodeProperties, EditorRED } from 'node-red';

import type { ProviderForm } from '../forms/form';

/**
 * What the forms use of Node-RED's editor: its published types where they are right, and what they lack.
 * `RED`, like jQuery's `$`, is there before any form is.
 */

/** Valid, not valid, or what is wrong in a sentence. */
export type Validity = boolean | string;

/** A node as the editor keeps it. */
export interface EditedNode {
	readonly id: string;
	readonly type: string;
	/** Under `has_<name>`, whether a password is stored, which never comes back. */
	credentials?: Record<string, unknown>;
}

/** Node-RED gives a validator a place for its reason only when it has two parameters. */
export type Validator<Props> = (
	this: EditedNode & Props,
	value: string,
	options: { readonly label?: string },
) => Validity;

/** One property of a node, as `registerType` takes it. */
export interface PropertyDefinition<Props = object> {
	readonly value?: unknown;
	readonly type?: string;
	readonly required?: boolean;
	readonly validate?: Validator<Props>;
}

interface CredentialDefinition<Props> {
	readonly type: 'text' | 'password';
	readonly validate?: Validator<Props>;
}

/** A node as `registerType` takes it: `this` of each function is the node that is edited. */
type Definition<Props> = Pick<
	EditorNodeDef<EditorNodeProperties>,
	'align' | 'category' | 'color' | 'icon' | 'inputs' | 'outputs'
> & {
	readonly defaults: Readonly<Record<string, PropertyDefinition<Props>>>;
	readonly credentials?: Readonly<Record<string, CredentialDefinition<Props>>>;
	/** Called when the words are there. */
	readonly paletteLabel?: () => string;
	/** The node stands in the palette now. */
	readonly onpaletteadd?: () => void;
	label?(this: EditedNode & Props): string;
	labelStyle?(this: EditedNode & Props): string;
	inputLabels?(this: EditedNode & Props): string;
	outputLabels?(this: EditedNode & Props, index: number): string;
	oneditprepare?(this: EditedNode & Props): void;
	oneditsave?(this: EditedNode & Props): void;
	oneditcancel?(this: EditedNode & Props): void;
	onadd?(this: EditedNode & Props): void;
};

interface Panel {
	show(options: {
		readonly target: JQuery;
		readonly align: 'left' | 'right';
		readonly offset: readonly [number, number];
		readonly closeButton: JQuery;
	}): void;
	hide(): void;
}

interface Bubble {
	close(atOnce: boolean): void;
}

type Editor = Pick<EditorRED, '_' | 'i18n'> & {
	readonly nodes: {
		registerType<Props>(type: string, definition: Definition<Props>): void;
		node(id: string): object | null;
		eachNode(visit: (node: object) => void): void;
	};
	readonly settings: {
		readonly httpNodeRoot?: unknown;
		readonly context?: { readonly default?: string; readonly stores?: readonly string[] };
	};
	readonly utils: {
		validateTypedProperty(
			value: string,
			type: string,
			options: { readonly label?: string },
		): Validity;
	};
	readonly popover: {
		panel(content: JQuery): Panel;
		/** A bubble with words while the mouse is on the target; null: none now. */
		tooltip(target: JQuery, words: () => string | null): Bubble;
	};
	readonly events: { on(event: string, listener: () => void): void };
	readonly tray: { resize(): void };
	readonly clipboard: { copyText(text: string, beside: JQuery, message: string): void };
};

declare global {
	const RED: Editor;
	/** The forms of all providers; the build puts them in its place. */
	const PROVIDER_FORMS: readonly ProviderForm[];
}

/** A property of a node, whatever its name. */
export const propertyOf = (node: object, name: string): unknown =>
	Object.hasOwn(node, name) ? Reflect.get(node, name) : undefined;

/** A value as a field of a form shows it: what is no text and no number is not shown. */
export const asText = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';
