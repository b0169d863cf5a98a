import type { FormField, ProviderForm } from '../forms/form';
import type { Properties } from '../forms/migrations';
import { secretShown } from './accountForm';
import { inputValue, typedInput } from './forms';
import type { Say } from './forms';
import { openPickList } from './pickList';
import { asText } from './red';
import type { EditedNode } from './red';
import { isPicked, rowHtml } from './rows';

/** What an input shows of a node's property, or of a password of it. */
const shownOf = (form: OwnForm, { kind, property }: FormField): string =>
	kind === 'secret' ? secretShown(form.credentials, property) : asText(form.values[property]);

/** What the rows of a provider's own fields belong to. */
interface OwnForm {
	/** Takes the rows. */
	readonly container: JQuery;
	/** Takes those that are rarely needed, where the form folds them away. */
	readonly folded?: JQuery;
	/** The node's properties, as this version reads them. */
	readonly values: Properties;
	readonly credentials?: EditedNode['credentials'];
	readonly prefix: 'node-input' | 'node-config-input';
	readonly isTyped: boolean;
	readonly say: Say;
	/** The fields of a provider in this form. */
	readonly fieldsOf: (provider: ProviderForm) => readonly FormField[];
	/** Called when a value has changed that other rows may depend on. */
	readonly onChange?: () => void;
}

/**
 * The rows of one provider's own fields in an open form. Those of others do not exist at that time, so
 * two providers may have fields of the same name. What was typed for another provider comes back with it.
 */
export class OwnRows {
	readonly #form: OwnForm;
	readonly #typed = new Map<string, string>();
	#shown: ProviderForm | undefined;

	constructor(form: OwnForm) {
		this.#form = form;
	}

	/** The fields that have rows now. */
	get fields(): readonly FormField[] {
		return this.#shown === undefined ? [] : this.#form.fieldsOf(this.#shown);
	}

	/** Shows the rows of a provider instead of those of the one before. */
	show(provider: ProviderForm | undefined): void {
		if (provider === this.#shown) return;
		this.#remember();
		this.#shown = provider;
		const { container, folded } = this.#form;
		const isFolded = ({ advanced }: FormField): boolean => folded !== undefined && advanced;
		container.html(this.#rows((field) => !isFolded(field)));
		folded?.html(this.#rows(isFolded));
		for (const field of this.fields) this.#begin(field);
	}

	/** True when one of the rows that are folded away has a value. */
	get isFoldedInUse(): boolean {
		const { values } = this.#form;
		return this.fields.some(
			({ advanced, property }) => advanced && asText(values[property]) !== '',
		);
	}

	#rows(isWanted: (field: FormField) => boolean): string {
		const { isTyped, prefix, say } = this.#form;
		const place = (field: FormField) => ({
			prefix,
			isTyped,
			say: (key: string) => this.#say(field, key),
			pick: say('label.pick'),
		});
		return this.fields
			.filter(isWanted)
			.map((field) => rowHtml(field, place(field)))
			.join('');
	}

	/** A word of a provider's field. */
	#say({ name }: FormField, key: string): string {
		return this.#form.say(`provider.${this.#shown?.name ?? ''}.field.${name}.${key}`);
	}

	/** What was typed for providers that are not chosen any more, by the names of the properties. */
	get left(): ReadonlyMap<string, string> {
		const shown = new Set(this.fields.map(({ property }) => property));
		return new Map([...this.#typed].filter(([name]) => !shown.has(name.replace(/Type$/, ''))));
	}

	#remember(): void {
		const { prefix } = this.#form;
		for (const { kind, property } of this.fields) {
			// A secret is nothing to be kept in a node's properties.
			if (kind === 'secret') continue;
			for (const name of [property, `${property}Type`]) {
				const value = inputValue(`#${prefix}-${name}`);
				if (value !== undefined) this.#typed.set(name, value);
			}
		}
	}

	#begin(field: FormField): void {
		const { isTyped, onChange, prefix, values } = this.#form;
		const { options, property, usual } = field;
		const input = $(`#${prefix}-${property}`);
		const value = this.#typed.get(property) ?? shownOf(this.#form, field);
		input.val(options !== undefined && !isTyped && !options.includes(value) ? usual : value);
		if (isTyped) {
			const name = `${property}Type`;
			const source = this.#typed.get(name) ?? (asText(values[name]) || field.sources[0]);
			$(`#${prefix}-${name}`).val(source);
			typedInput(this.#form.say, property, {
				label: this.#say(field, 'label'),
				sources: field.sources,
				width: isPicked(field, isTyped) ? 'calc(var(--otp-call-field) - 38px)' : undefined,
			});
		}
		input.on('change keyup paste', () => {
			// Node-RED checks all fields when one changes that it knew before the form was shown.
			$(`#${prefix}-name`).trigger('change');
			onChange?.();
		});
		$(`[data-pick="${property}"]`).on('click', (event) => {
			this.#pick($(event.currentTarget), field);
		});
	}

	#pick(button: JQuery, field: FormField): void {
		const { options, pickFrom, property } = field;
		const { prefix, say } = this.#form;
		const choices = options?.map((value) => ({
			value,
			name: this.#say(field, `option.${value}`),
			description: null,
		}));
		openPickList(button, say, pickFrom ?? choices ?? [], (value) => {
			const input = $(`#${prefix}-${property}`);
			input.typedInput('type', 'str');
			input.typedInput('value', value);
		});
	}
}
