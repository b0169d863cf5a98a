import {
	limitField,
	pollIntervalField,
	timeoutField,
	waitTimeoutField,
} from '../../../calls/fields';
import {
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
import { propertyOf } from '../../editor/red';
import type { PropertyDefinition } from '../../editor/red';
import { migrateStatus, version } from '../../forms/migrations';
import { nodeLabels } from '../../forms/words';

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
		return operationOf(this) === 'get' || checkTyped(this, property, value, label(), false);
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
	paletteLabel: nodeLabels.status,
	defaults: {
		name: { value: '' },
		version: { value: version },
		account: { type: 'otp-call-account', required: true },
		operation: { value: 'get' },
		callId: {
			value: 'payload.callId',
			validate: function (value, _options) {
				const isList = operationOf(this) === 'getAll';
				return isList || checkTyped(this, 'callId', value, say('label.callId'), true);
			},
		},
		callIdType: { value: 'msg' },
		lookUpBy: { value: 'reference' },
		waitUntilEnded: { value: false },
		emitChanges: { value: false },
		returnAll: { value: false },
		limit: { value: '50', validate: isCount(limitField) },
		filterFrom: filterValue('filterFrom', () => say('label.from')),
		filterFromType: { value: 'str' },
		filterTo: filterValue('filterTo', () => say('label.to')),
		filterToType: { value: 'str' },
		filterPhoneNumber: filterValue('filterPhoneNumber', () => say('label.phoneNumber')),
		filterPhoneNumberType: { value: 'str' },
		...ownDefaults,
		simplify: { value: true },
		timeout: { value: '', validate: isSeconds(timeoutField) },
		pollInterval: { value: '', validate: isSeconds(pollIntervalField) },
		waitTimeout: { value: '', validate: isSeconds(waitTimeoutField) },
	},
	label: function () {
		return this.name || nodeLabels.status;
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
		typedInput('callId', ['msg', 'flow', 'global', 'str', 'jsonata', 'env']);
		for (const name of ['filterFrom', 'filterTo', 'filterPhoneNumber'])
			typedInput(name, ['str', 'msg', 'flow', 'global', 'jsonata', 'env']);

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
