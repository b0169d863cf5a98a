import { accountTest } from '../../editor/accountTest';
import {
	checkCount,
	fillIn,
	foldable,
	forms,
	inputValue,
	isCount,
	isVariable,
	missing,
	providerNamed,
	wordsOf,
} from '../../editor/forms';
import { OwnRows } from '../../editor/ownRows';
import { asText, propertyOf } from '../../editor/red';
import type { PropertyDefinition, Validator, Validity } from '../../editor/red';
import { maxInFlightField } from '../../forms/fields';
import type { FormField, ProviderForm } from '../../forms/form';
import { migrateAccount, version } from '../../forms/migrations';

interface AccountNode {
	name: string;
	provider: string;
	version: unknown;
	readonly maxInFlight?: unknown;
	readonly tls?: unknown;
	readonly proxy?: unknown;
}

const say = wordsOf('otp-call-account');

/** In the open form the fields decide, elsewhere the node. */
const current = (node: object, name: string): unknown =>
	inputValue(`#node-config-input-${name}`) ?? propertyOf(node, name);

/** Whether the provider's form shows the field: a token and a key may exclude each other. */
function isShown(node: object, { account }: ProviderForm, { onlyIf }: FormField): boolean {
	if (onlyIf === undefined) return true;
	const decider = account.find(({ name }) => name === onlyIf.field);
	return (current(node, onlyIf.field) || decider?.usual) === onlyIf.is;
}

const isLoopback = (host: string): boolean =>
	/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);

function isBaseUrl(value: string): boolean {
	const address = /^[a-z]+:\/\//i.test(value) ? value : `https://${value}`;
	try {
		const { protocol, hostname, username, search, hash } = new URL(address);
		const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
		return isSafe && username === '' && search === '' && hash === '';
	} catch {
		return false;
	}
}

function checkOwn(node: object, property: string, value: unknown): Validity {
	const provider = providerNamed(current(node, 'provider'));
	const field = provider?.account.find((own) => own.property === property);
	if (provider === undefined || field === undefined) return true;
	if (!isShown(node, provider, field)) return true;
	const label = say(`provider.${provider.name}.field.${field.name}.label`);
	const text = asText(value);
	if (text === '') return field.required ? missing(say, label) : true;
	if (isVariable(text)) return true;
	if (field.kind === 'url') return isBaseUrl(text) || say('error.url').replace('{label}', label);
	return (
		field.least === undefined || checkCount(say, label, { ...field, least: field.least }, text)
	);
}

const validOwn = (property: string): Validator<AccountNode> =>
	function (value, _options) {
		return checkOwn(this, property, value);
	};

const ownFields = forms.flatMap(({ account }) => account);
const isSecret = ({ kind }: FormField): boolean => kind === 'secret';

/** Unions by name over all providers. */
const ownDefaults: Readonly<Record<string, PropertyDefinition<AccountNode>>> = Object.fromEntries(
	ownFields
		.filter((field) => !isSecret(field))
		.map(({ property, usual }) => [property, { value: usual, validate: validOwn(property) }]),
);

const ownCredentials = Object.fromEntries(
	ownFields
		.filter(isSecret)
		.map(({ property }) => [property, { type: 'password' as const, validate: validOwn(property) }]),
);

/** What a new account begins with: a provider that asks for nothing, where there is one. */
const firstProvider = (forms.find(({ account }) => account.length === 0) ?? forms[0])?.name ?? '';

/** The rows of the open form. */
let ownRows: OwnRows | undefined;
/** Ends a test that is under way in it. */
let forgetTest: (() => void) | undefined;

RED.nodes.registerType<AccountNode>('otp-call-account', {
	category: 'config',
	paletteLabel: () => say('label.node'),
	defaults: {
		name: { value: '' },
		version: { value: version },
		provider: {
			value: firstProvider,
			required: true,
			validate: (value, _options) =>
				providerNamed(value) !== undefined || missing(say, say('label.provider')),
		},
		...ownDefaults,
		maxInFlight: { value: '50', validate: isCount(say, maxInFlightField) },
		tls: { type: 'tls-config', required: false },
		proxy: { type: 'http proxy', required: false },
	},
	credentials: {
		...ownCredentials,
	},
	label: function () {
		return this.name || (providerNamed(this.provider)?.label ?? say('label.node'));
	},
	oneditprepare: function () {
		const properties = migrateAccount({ ...this }, forms);
		fillIn(this, properties, 'node-config-input');
		const select = $('#node-config-input-provider').empty();
		for (const { name, label } of forms) {
			$('<option>', { value: name, text: label }).appendTo(select);
		}
		select.val(this.provider || firstProvider);

		const showConditions = (): void => {
			const provider = providerNamed(select.val());
			for (const field of rows.fields) {
				const row = $(`#otp-call-account-own [data-own="${field.property}"]`);
				row.toggle(provider !== undefined && isShown(this, provider, field));
			}
		};
		const rows = new OwnRows({
			container: $('#otp-call-account-own'),
			values: properties,
			credentials: this.credentials,
			prefix: 'node-config-input',
			isTyped: false,
			say,
			fieldsOf: ({ account }) => account,
			onChange: showConditions,
		});
		ownRows = rows;
		const showProvider = (): void => {
			const provider = providerNamed(select.val());
			rows.show(provider);
			showConditions();
			$('#otp-call-account-about').html(
				provider === undefined ? '' : say(`provider.${provider.name}.about`),
			);
			$('#otp-call-account-form [data-network]').toggle(provider?.hasServer === true);
			// What is needed depends on the provider: have the fields checked again.
			$('#node-config-input-name').trigger('change');
		};
		forgetTest = accountTest(say, this.id);
		// What was said holds for what was in the form then.
		$('#otp-call-account-form').on('input change', 'input, select', () => forgetTest?.());
		select.on('change', showProvider);
		showProvider();
		const isUsual = [undefined, '', '50', 50].some((usual) => usual === this.maxInFlight);
		foldable('otp-call-account-more', !isUsual || Boolean(this.tls) || Boolean(this.proxy));
	},
	oneditcancel: function () {
		forgetTest?.();
	},
	oneditsave: function () {
		forgetTest?.();
		Object.assign(this, Object.fromEntries(ownRows?.left ?? []));
		this.version = version;
	},
});
