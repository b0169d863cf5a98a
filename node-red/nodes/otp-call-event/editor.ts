import {
	accountProperty,
	chosenAccount,
	fillIn,
	inputValue,
	isVariable,
	providerOf,
	wordsOf,
} from '../../editor/forms';
import { findable } from '../../editor/palette';
import { propertyOf } from '../../editor/red';
import type { EditedNode } from '../../editor/red';
import { migrateEvent, version } from '../../forms/migrations';

interface EventNode {
	name: string;
	account: string;
	version: unknown;
	triggerOn: unknown;
	path: string;
}

const say = wordsOf('otp-call-event');

const eventsOf = (accountId: unknown) => providerOf(accountId)?.events ?? null;

const newSecret = (): string =>
	Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
		byte.toString(16).padStart(2, '0'),
	).join('');

const isPath = (value: string): boolean =>
	/^\/*[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*\/*$/.test(value);

/** A path that no other node for call events has. */
function freePath(node: EditedNode): string {
	const taken = new Set<unknown>();
	RED.nodes.eachNode((other) => {
		const isOther = propertyOf(other, 'id') !== node.id;
		if (isOther && propertyOf(other, 'type') === 'otp-call-event') {
			taken.add(propertyOf(other, 'path'));
		}
	});
	let path = 'otp-call-event';
	for (let number = 2; taken.has(path); number += 1) path = `otp-call-event-${number}`;
	return path;
}

const root = (): string => {
	const { httpNodeRoot } = RED.settings;
	return typeof httpNodeRoot === 'string' ? httpNodeRoot : '/';
};

const isWebAddress = (value: string): boolean => /^https?:\/\/[^\s?#]+$/.test(value);

/** The address that a provider is told; '' while it is none that could be copied, or that the browser knows. */
function addressFrom(publicUrl: string, path: string, secret: string): string {
	if (!isWebAddress(publicUrl) || !isPath(path)) return '';
	const bare = (text: string): string => text.replace(/^\/+|\/+$/g, '');
	const parts = [publicUrl.replace(/\/+$/, ''), bare(root()), bare(path)];
	return `${parts.filter((part) => part !== '').join('/')}?secret=${secret}`;
}

const textIn = (selector: string): string => (inputValue(selector) ?? '').trim();

RED.nodes.registerType<EventNode>('otp-call-event', {
	category: 'OTP call',
	color: '#8CC7B8',
	defaults: {
		name: { value: '' },
		version: { value: version },
		account: accountProperty(say),
		triggerOn: {
			value: ['ended'],
			validate: (value, _options) =>
				(Array.isArray(value) && value.length > 0) || say('error.triggerOn'),
		},
		path: {
			value: 'otp-call-event',
			validate: (value, _options) => isPath(value) || isVariable(value) || say('error.path'),
		},
		publicUrl: {
			value: '',
			validate: function (value, _options) {
				const told = eventsOf(chosenAccount(this))?.told ?? 'by hand';
				const isNeeded = told !== 'by hand';
				if (!value) return !isNeeded || say('error.publicUrl');
				const isAddress = isVariable(value) || isWebAddress(value);
				return isAddress || say('error.publicUrl');
			},
		},
		confirmStatus: { value: false },
		simplify: { value: true },
	},
	credentials: {
		secret: { type: 'text' },
	},
	inputs: 0,
	outputs: 1,
	icon: 'otp-call-event.svg',
	paletteLabel: () => say('label.node'),
	onpaletteadd: () => {
		findable(say, 'otp-call-event');
	},
	label: function () {
		return this.name || say('label.node');
	},
	labelStyle: function () {
		return this.name ? 'node_label_italic' : '';
	},
	onadd: function () {
		// A copy and an imported node come without the secret: each has one of its own.
		if (!this.credentials?.['secret']) {
			this.credentials = { ...this.credentials, secret: newSecret() };
		}
		this.path = !this.path || freePath(this) === this.path ? this.path : freePath(this);
	},
	oneditprepare: function () {
		const properties = migrateEvent({ ...this });
		fillIn(this, properties, 'node-input');
		const secret = $('#node-input-secret');
		if (!secret.val()) secret.val(newSecret());
		const boxes = $('#otp-call-event-types input');
		const chosen: readonly unknown[] = Array.isArray(this.triggerOn) ? this.triggerOn : ['ended'];
		boxes.each((_, box) => {
			$(box).prop('checked', chosen.includes($(box).val()));
		});

		const showAddress = (): void => {
			const publicUrl = textIn('#node-input-publicUrl') || location.origin;
			const address = addressFrom(
				publicUrl,
				textIn('#node-input-path'),
				textIn('#node-input-secret'),
			);
			$('#otp-call-event-address').val(address);
			$('#otp-call-event-copy').prop('disabled', address === '');
		};
		const update = (): void => {
			const account = chosenAccount(this);
			const provider = providerOf(account);
			const events = provider?.events ?? null;
			const isSo: Readonly<Record<string, boolean>> = {
				silent: provider !== undefined && events === null,
				paste: events?.told === 'by hand',
				registers: events?.told === 'by the node',
				perCall: events?.told === 'with each call',
			};
			$('#otp-call-event-form [data-when]').each((_, row) => {
				$(row).toggle(isSo[$(row).attr('data-when') ?? ''] === true);
			});
			const told: readonly string[] | undefined = events?.types;
			$('#otp-call-event-types [data-event]').each((_, row) => {
				$(row).toggle(told === undefined || told.includes($(row).attr('data-event') ?? ''));
			});
			const paste = say(provider?.hasServer === false ? 'tip.try' : 'tip.paste').replaceAll(
				'{provider}',
				provider?.label ?? '',
			);
			$('#otp-call-event-paste').text(paste);
			showAddress();
		};
		$('#node-input-account').on('change', update);
		$('#node-input-publicUrl, #node-input-path').on('input change', showAddress);
		$('#otp-call-event-copy').on('click', (event) => {
			const address = inputValue('#otp-call-event-address') ?? '';
			RED.clipboard.copyText(address, $(event.currentTarget), say('label.copied'));
		});
		$('#otp-call-event-renew').on('click', () => {
			secret.val(newSecret());
			showAddress();
		});
		update();
	},
	oneditsave: function () {
		this.triggerOn = $('#otp-call-event-types input:checked')
			.map((_, box) => $(box).val())
			.get();
		this.version = version;
	},
});
