import {
	fromField,
	limitField,
	pollIntervalField,
	timeoutField,
	toField,
	waitTimeoutField,
} from '../../../calls/fields';
import { phoneNumberField } from '../../../providers/sharedFields';
import {
	accountProperty,
	checkTyped,
	chosenAccount,
	fillIn,
	foldable,
	forms,
	inputValue,
	isCount,
	isSeconds,
	isTuned,
	providerOf,
	typedInput,
	wordsOf,
} from '../../editor/forms';
import { OwnRows } from '../../editor/ownRows';
import { findable } from '../../editor/palette';
import { propertyOf } from '../../editor/red';
import type { PropertyDefinition } from '../../editor/red';
import { filterProperty } from '../../forms/fields';
import { migrateStatus, version } from '../../forms/migrations';

interface StatusNode {
	name: string;
	account: string;
	version: unknown;
}

type Definition = PropertyDefinition<StatusNode>;

const say = wordsOf('get-otp-call-status');

/** What the node does: only some providers list calls. */
const operationOf = (node: object): 'get' | 'getAll' => {
	const chosen = inputValue('#node-input-operation') ?? propertyOf(node, 'operation');
	const lists = (providerOf(chosenAccount(node))?.filters ?? null) !== null;
	return lists && chosen === 'getAll' ? 'getAll' : 'get';
};

const filterValue = (property: string, label: () => string): Definition => ({
	value: '',
	validate: function (value, _options) {
		if (operationOf(this) === 'get') return true;
		return checkTyped(say, this, property, value, { label: label(), isNeeded: false });
	},
});

/** Unions by name over all providers. */
const ownDefaults: Readonly<Record<string, Definition>> = Object.fromEntries(
	forms.flatMap(({ name: provider, filters }) =>
		(filters ?? []).flatMap(({ name, property, sources }): [string, Definition][] => [
			[property, filterValue(property, () => say(`provider.${provider}.field.${name}.label`))],
			[`${property}Type`, { value: sources[0] }],
		]),
	),
);

/** The rows of the open form. */
let ownRows: OwnRows | undefined;

RED.nodes.registerType<StatusNode>('get-otp-call-status', {
	category: 'OTP call',
	color: '#8CC7B8',
	icon: 'otp-call-status.svg',
	inputs: 1,
	outputs: 1,
	paletteLabel: () => say('label.node'),
	onpaletteadd: () => {
		findable(say, 'get-otp-call-status');
	},
	defaults: {
		name: { value: '' },
		version: { value: version },
		account: accountProperty(say),
		operation: { value: 'get' },
		callId: {
			value: 'payload.callId',
			validate: function (value, _options) {
				if (operationOf(this) === 'getAll') return true;
				const rule = { label: say('label.callId'), isNeeded: true };
				return checkTyped(say, this, 'callId', value, rule);
			},
		},
		callIdType: { value: 'msg' },
		lookUpBy: { value: 'reference' },
		waitUntilEnded: { value: false },
		emitChanges: { value: false },
		returnAll: { value: false },
		limit: { value: '50', validate: isCount(say, limitField) },
		filterFrom: filterValue('filterFrom', () => say('label.from')),
		filterFromType: { value: 'str' },
		filterTo: filterValue('filterTo', () => say('label.to')),
		filterToType: { value: 'str' },
		filterPhoneNumber: filterValue('filterPhoneNumber', () => say('label.phoneNumber')),
		filterPhoneNumberType: { value: 'str' },
		...ownDefaults,
		simplify: { value: true },
		timeout: { value: '', validate: isSeconds(say, timeoutField) },
		pollInterval: { value: '', validate: isSeconds(say, pollIntervalField) },
		waitTimeout: { value: '', validate: isSeconds(say, waitTimeoutField) },
	},
	label: function () {
		return this.name || say('label.node');
	},
	labelStyle: function () {
		return this.name ? 'node_label_italic' : '';
	},
	inputLabels: function () {
		return say('port.input');
	},
	outputLabels: function () {
		return say('port.output');
	},
	oneditprepare: function () {
		const properties = migrateStatus({ ...this }, forms);
		fillIn(this, properties, 'node-input');
		typedInput(say, 'callId', {
			label: say('label.callId'),
			sources: ['msg', 'str', 'flow', 'global', 'jsonata', 'env'],
		});
		for (const { name } of [fromField, toField, phoneNumberField]) {
			typedInput(say, filterProperty(name), {
				label: say(`label.${name}`),
				sources: ['str', 'msg', 'flow', 'global', 'jsonata', 'env'],
			});
		}

		const form = $('#get-otp-call-status-form');
		const rows = new OwnRows({
			container: $('#get-otp-call-status-own'),
			values: properties,
			prefix: 'node-input',
			isTyped: true,
			say,
			fieldsOf: ({ filters }) => filters ?? [],
		});
		ownRows = rows;
		const show = (): void => {
			const provider = providerOf($('#node-input-account').val());
			const operation = operationOf(this);
			const waits = operation === 'get' && $('#node-input-waitUntilEnded').is(':checked');
			rows.show(provider);
			form.find('[data-needs="calls"]').toggle((provider?.filters ?? null) !== null);
			form.find('[data-needs="record"]').toggle(provider?.hasRecords === true);
			form.find('[data-operation]').each((_, part) => {
				$(part).toggle($(part).attr('data-operation') === operation);
			});
			form.find('[data-waiting]').toggle(waits);
			form.find('[data-limit]').toggle(!$('#node-input-returnAll').is(':checked'));
			// What is needed depends on what is shown: have the fields checked again.
			$('#node-input-name').trigger('change');
		};
		for (const name of ['account', 'operation', 'waitUntilEnded', 'returnAll'])
			$(`#node-input-${name}`).on('change', show);
		show();
		foldable('get-otp-call-status-more', isTuned(this));
	},
	oneditsave: function () {
		// A row that the provider does not have must not decide.
		$('#node-input-operation').val(operationOf(this));
		Object.assign(this, Object.fromEntries(ownRows?.left ?? []));
		this.version = version;
	},
});
