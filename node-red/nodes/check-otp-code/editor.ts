import { maxAttemptsField } from '../../../calls/fields';
import {
	accountProperty,
	addStores,
	checkTyped,
	isCount,
	typedInput,
	wordsOf,
} from '../../editor/forms';
import { findable } from '../../editor/palette';
import type { PropertyDefinition } from '../../editor/red';
import type { Source } from '../../forms/form';
import { version } from '../../forms/migrations';

interface CheckNode {
	name: string;
	account: string;
	version: unknown;
	readonly store?: unknown;
}

const say = wordsOf('check-otp-code');

const typedValue = (
	name: string,
	value: string,
	isNeeded: boolean,
): PropertyDefinition<CheckNode> => ({
	value,
	validate: function (text, _options) {
		return checkTyped(say, this, name, text, { label: say(`label.${name}`), isNeeded });
	},
});

const elsewhere: readonly Source[] = ['flow', 'global', 'jsonata', 'env'];
/** What people type, or what a page sends along. */
const fromMessage: readonly Source[] = ['msg', 'str', ...elsewhere];
const sources = {
	verification: fromMessage,
	code: fromMessage,
	phoneNumber: fromMessage,
	purpose: ['str', 'msg', ...elsewhere],
} as const satisfies Readonly<Record<string, readonly Source[]>>;

RED.nodes.registerType<CheckNode>('check-otp-code', {
	category: 'OTP call',
	color: '#8CC7B8',
	icon: 'otp-code-check.svg',
	inputs: 1,
	outputs: 2,
	paletteLabel: () => say('label.node'),
	onpaletteadd: () => {
		findable(say, 'check-otp-code');
	},
	defaults: {
		name: { value: '' },
		version: { value: version },
		account: accountProperty(say),
		verification: typedValue('verification', 'payload.verification', true),
		verificationType: { value: 'msg' },
		code: typedValue('code', 'payload.code', true),
		codeType: { value: 'msg' },
		phoneNumber: typedValue('phoneNumber', '', false),
		phoneNumberType: { value: 'msg' },
		purpose: typedValue('purpose', '', false),
		purposeType: { value: 'str' },
		maxAttempts: { value: '', validate: isCount(say, maxAttemptsField) },
		store: { value: '' },
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
	outputLabels: function (index) {
		return say(index === 0 ? 'port.right' : 'port.notRight');
	},
	oneditprepare: function () {
		for (const [name, from] of Object.entries(sources)) {
			typedInput(say, name, { label: say(`label.${name}`), sources: from });
		}
		$('#check-otp-code-form')
			.find('[data-stores]')
			.toggle(addStores(say, $('#node-input-store'), this.store));
	},
	oneditsave: function () {
		this.version = version;
	},
});
