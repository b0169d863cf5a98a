import {
	codeLengthField,
	codeLifetimeField,
	coolDownField,
	dailyBudgetField,
	hourlyBudgetField,
	maxCallsPerHourField,
	pollIntervalField,
	timeoutField,
	waitTimeoutField,
} from '../../../calls/fields';
import {
	accountProperty,
	accountValue,
	addStores,
	checkCount,
	checkTyped,
	chosenAccount,
	fillIn,
	foldable,
	forms,
	isChecked,
	isCallingHours,
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
import type { FormField } from '../../forms/form';
import { migrateSend, version } from '../../forms/migrations';

interface SendNode {
	name: string;
	account: string;
	version: unknown;
	readonly coolDownStore?: unknown;
	readonly coolDownSeconds?: unknown;
	readonly maxCallsPerHour?: unknown;
	readonly maxCallsPerHourAll?: unknown;
	readonly maxCallsPerDayAll?: unknown;
	readonly callingHours?: unknown;
	readonly doNotCall?: unknown;
	readonly idempotencyKey?: unknown;
}

type Definition = PropertyDefinition<SendNode>;

const say = wordsOf('send-otp-call');

const checkLifetime = isSeconds(say, codeLifetimeField);

const countOf = ({ kind, least = 0, most }: FormField) =>
	kind === 'count' ? { least, most } : undefined;

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
		return checkTyped(say, this, property, value, { label, isNeeded, count: countOf(field) });
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
	paletteLabel: () => say('label.node'),
	onpaletteadd: () => {
		findable(say, 'send-otp-call');
	},
	defaults: {
		name: { value: '' },
		version: { value: version },
		account: accountProperty(say),
		phoneNumber: {
			value: 'payload.phoneNumber',
			validate: function (value, _options) {
				return checkTyped(say, this, 'phoneNumber', value, {
					label: say('label.phoneNumber'),
					isNeeded: true,
				});
			},
		},
		phoneNumberType: { value: 'msg' },
		code: {
			value: 'payload.code',
			validate: function (value, _options) {
				if (isChecked(this, 'generateCode')) return true;
				return checkTyped(say, this, 'code', value, { label: say('label.code'), isNeeded: true });
			},
		},
		codeType: { value: 'msg' },
		generateCode: { value: false },
		codeLength: {
			value: '',
			validate: function (value, _options) {
				if (!isChecked(this, 'generateCode')) return true;
				const most = providerOf(chosenAccount(this))?.code.maxLength;
				return checkCount(say, say('label.codeLength'), { ...codeLengthField, most }, value);
			},
		},
		codeAlphabet: { value: 'digits' },
		// On for a new node only: a code that is put out is soon stored, logged or shown somewhere.
		keepForCheck: { value: true },
		codeLifetime: {
			value: '',
			validate: function (value, options) {
				return !isChecked(this, 'keepForCheck') || checkLifetime(value, options);
			},
		},
		purpose: {
			value: '',
			validate: function (value, _options) {
				if (!isChecked(this, 'keepForCheck')) return true;
				const rule = { label: say('label.purpose'), isNeeded: false };
				return checkTyped(say, this, 'purpose', value, rule);
			},
		},
		purposeType: { value: 'str' },
		...ownDefaults,
		waitForResult: { value: false },
		emitChanges: { value: false },
		coolDownSeconds: { value: '0', validate: isCount(say, coolDownField) },
		maxCallsPerHour: { value: '0', validate: isCount(say, maxCallsPerHourField) },
		maxCallsPerHourAll: { value: '0', validate: isCount(say, hourlyBudgetField) },
		maxCallsPerDayAll: { value: '0', validate: isCount(say, dailyBudgetField) },
		callingHours: { value: '', validate: isCallingHours(say) },
		doNotCall: {
			value: '',
			validate: function (value, _options) {
				const rule = { label: say('label.doNotCall'), isNeeded: false };
				return checkTyped(say, this, 'doNotCall', value, rule);
			},
		},
		doNotCallType: { value: 'msg' },
		idempotencyKey: {
			value: '',
			validate: function (value, _options) {
				return checkTyped(say, this, 'idempotencyKey', value, {
					label: say('label.idempotencyKey'),
					isNeeded: false,
				});
			},
		},
		idempotencyKeyType: { value: 'msg' },
		coolDownStore: { value: '' },
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
		const properties = migrateSend({ ...this }, forms);
		fillIn(this, properties, 'node-input');
		const sources = ['msg', 'str', 'flow', 'global', 'jsonata', 'env'] as const;
		for (const name of ['phoneNumber', 'code', 'idempotencyKey'] as const) {
			// A number loses leading zeros: it is offered only where an earlier version chose it.
			const isNumber = propertyOf(this, `${name}Type`) === 'num';
			typedInput(say, name, {
				label: say(`label.${name}`),
				sources: isNumber ? [...sources, 'num'] : sources,
			});
		}
		typedInput(say, 'doNotCall', { label: say('label.doNotCall'), sources });
		typedInput(say, 'purpose', {
			label: say('label.purpose'),
			sources: ['str', 'msg', 'flow', 'global', 'jsonata', 'env'],
		});

		const form = $('#send-otp-call-form');
		const rows = new OwnRows({
			container: $('#send-otp-call-own'),
			folded: $('#send-otp-call-own-more'),
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
			// What is needed depends on the provider: have the fields checked again.
			$('#node-input-name').trigger('change');
		};
		$('#node-input-account').on('change', showProvider);
		showProvider();

		const showCode = (): void => {
			const isGenerated = $('#node-input-generateCode').is(':checked');
			form.find('[data-code="given"]').toggle(!isGenerated);
			form.find('[data-code="generated"]').toggle(isGenerated);
			const isKept = $('#node-input-keepForCheck').is(':checked');
			form.find('[data-kept]').toggle(isKept);
			form.find('[data-put-out]').toggle(isGenerated && !isKept);
			$('#node-input-code').typedInput('validate');
		};
		$('#node-input-generateCode, #node-input-keepForCheck').on('change', showCode);
		showCode();

		const showWaiting = (): void => {
			form.find('[data-waiting]').toggle($('#node-input-waitForResult').is(':checked'));
		};
		$('#node-input-waitForResult').on('change', showWaiting);
		showWaiting();

		form
			.find('[data-stores]')
			.toggle(addStores(say, $('#node-input-coolDownStore'), this.coolDownStore));
		const limits = [
			this.coolDownSeconds,
			this.maxCallsPerHour,
			this.maxCallsPerHourAll,
			this.maxCallsPerDayAll,
		];
		const rules = [this.callingHours, this.doNotCall, this.idempotencyKey];
		const isProtected = limits.some((limit) => Number(limit) > 0) || rules.some(Boolean);
		foldable('send-otp-call-protection', isProtected);
		foldable('send-otp-call-more', isTuned(this) || rows.isFoldedInUse);
	},
	oneditsave: function () {
		Object.assign(this, Object.fromEntries(ownRows?.left ?? []));
		this.version = version;
	},
});
