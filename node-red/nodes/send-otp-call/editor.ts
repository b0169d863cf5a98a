import {
	codeLengthField,
	coolDownField,
	dailyBudgetField,
	hourlyBudgetField,
	maxCallsPerHourField,
	pollIntervalField,
	timeoutField,
	waitTimeoutField,
} from '../../../calls/fields';
import {
	accountValue,
	addStores,
	checkTyped,
	chosenAccount,
	fillIn,
	foldable,
	forms,
	isChecked,
	isCount,
	isSeconds,
	isTuned,
	providerOf,
	typedInput,
	wordsOf,
} from '../../editor/forms';
import { OwnRows } from '../../editor/ownRows';
import type { PropertyDefinition } from '../../editor/red';
import { migrateSend, version } from '../../forms/migrations';
import { nodeLabels } from '../../forms/words';

interface SendNode {
	name: string;
	account: string;
	version: unknown;
	readonly coolDownStore?: unknown;
	readonly coolDownSeconds?: unknown;
	readonly maxCallsPerHour?: unknown;
	readonly maxCallsPerHourAll?: unknown;
	readonly maxCallsPerDayAll?: unknown;
	readonly idempotencyKey?: unknown;
}

type Definition = PropertyDefinition<SendNode>;

const say = wordsOf('send-otp-call');

/** A field of whichever provider is chosen: others may have one of the same name. */
const ownValue = (property: string): Definition => ({
	value: '',
	validate: function (value, _options) {
		const account = chosenAccount(this);
		const provider = providerOf(account);
		const field = provider?.send.find((own) => own.property === property);
		if (provider === undefined || field === undefined) return true;
		const isNeeded = field.required && !(field.accountDefault && accountValue(account, property));
		const label = say(`provider.${provider.name}.field.${field.name}.label`);
		return checkTyped(this, property, value, label, isNeeded);
	},
});

/** Unions by name over all providers. */
const ownDefaults: Readonly<Record<string, Definition>> = Object.fromEntries(
	forms.flatMap(({ send }) =>
		send.flatMap(({ property, sources }): [string, Definition][] => [
			[property, ownValue(property)],
			[`${property}Type`, { value: sources[0] }],
		]),
	),
);

/** The rows of the open form. */
let ownRows: OwnRows | undefined;

RED.nodes.registerType<SendNode>('send-otp-call', {
	category: 'OTP call',
	color: '#8CC7B8',
	icon: 'otp-call-send.svg',
	inputs: 1,
	outputs: 1,
	paletteLabel: nodeLabels.send,
	defaults: {
		name: { value: '' },
		version: { value: version },
		account: { type: 'otp-call-account', required: true },
		phoneNumber: {
			value: 'payload.phoneNumber',
			validate: function (value, _options) {
				return checkTyped(this, 'phoneNumber', value, say('label.phoneNumber'), true);
			},
		},
		phoneNumberType: { value: 'msg' },
		code: {
			value: 'payload.code',
			validate: function (value, _options) {
				const isGenerated = isChecked(this, 'generateCode');
				return isGenerated || checkTyped(this, 'code', value, say('label.code'), true);
			},
		},
		codeType: { value: 'msg' },
		generateCode: { value: false },
		codeLength: {
			value: '',
			validate: function (value) {
				const most = providerOf(chosenAccount(this))?.code.maxLength;
				const rule = { ...codeLengthField, ...(most !== undefined && { most }) };
				return !isChecked(this, 'generateCode') || isCount(rule)(value);
			},
		},
		codeAlphabet: { value: 'digits' },
		...ownDefaults,
		waitForResult: { value: false },
		emitChanges: { value: false },
		coolDownSeconds: { value: '0', validate: isCount(coolDownField) },
		maxCallsPerHour: { value: '0', validate: isCount(maxCallsPerHourField) },
		maxCallsPerHourAll: { value: '0', validate: isCount(hourlyBudgetField) },
		maxCallsPerDayAll: { value: '0', validate: isCount(dailyBudgetField) },
		idempotencyKey: {
			value: '',
			validate: function (value, _options) {
				return checkTyped(this, 'idempotencyKey', value, say('label.idempotencyKey'), false);
			},
		},
		idempotencyKeyType: { value: 'msg' },
		coolDownStore: { value: '' },
		simplify: { value: true },
		timeout: { value: '', validate: isSeconds(timeoutField) },
		pollInterval: { value: '', validate: isSeconds(pollIntervalField) },
		waitTimeout: { value: '', validate: isSeconds(waitTimeoutField) },
	},
	label: function () {
		return this.name || nodeLabels.send;
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
		const properties = migrateSend({ ...this }, forms);
		fillIn(this, properties, 'node-input');
		typedInput('phoneNumber', ['msg', 'flow', 'global', 'str', 'num', 'jsonata', 'env']);
		typedInput('code', ['msg', 'flow', 'global', 'str', 'num', 'jsonata', 'env']);
		typedInput('idempotencyKey', ['msg', 'flow', 'global', 'str', 'jsonata', 'env']);

		const form = $('#send-otp-call-form');
		const rows = new OwnRows({
			container: $('#send-otp-call-own'),
			values: properties,
			prefix: 'node-input',
			isTyped: true,
			say,
			fieldsOf: ({ send }) => send,
		});
		ownRows = rows;
		const showProvider = (): void => {
			const provider = providerOf($('#node-input-account').val());
			rows.show(provider);
			$('#node-input-codeAlphabet').toggle(provider?.code.digitsOnly !== true);
			const usualLength = Math.min(6, provider?.code.maxLength ?? 6);
			$('#node-input-codeLength').attr('placeholder', usualLength);
		};
		$('#node-input-account').on('change', showProvider);
		showProvider();

		const showCode = (): void => {
			const isGenerated = $('#node-input-generateCode').is(':checked');
			form.find('[data-code="given"]').toggle(!isGenerated);
			form.find('[data-code="generated"]').toggle(isGenerated);
			$('#node-input-code').typedInput('validate');
		};
		$('#node-input-generateCode').on('change', showCode);
		showCode();

		const showWaiting = (): void => {
			form.find('[data-waiting]').toggle($('#node-input-waitForResult').is(':checked'));
		};
		$('#node-input-waitForResult').on('change', showWaiting);
		showWaiting();

		form
			.find('[data-stores]')
			.toggle(addStores($('#node-input-coolDownStore'), this.coolDownStore));
		const limits = [
			this.coolDownSeconds,
			this.maxCallsPerHour,
			this.maxCallsPerHourAll,
			this.maxCallsPerDayAll,
		];
		const isProtected = limits.some((limit) => Number(limit) > 0) || Boolean(this.idempotencyKey);
		foldable('send-otp-call-protection', isProtected);
		foldable('send-otp-call-more', isTuned(this));
	},
	oneditsave: function () {
		Object.assign(this, Object.fromEntries(ownRows?.left ?? []));
		this.version = version;
	},
});
