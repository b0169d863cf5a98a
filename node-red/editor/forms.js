// What the forms of all nodes share. Each form holds a copy: a palette may load one without the others.
const providers = [
	/*@providers*/
];

const words = (type, key) => RED._(`@otp-call/node-red-otp-call/${type}:${type}.${key}`);

/** The form of the provider of an account node; undefined while none is chosen. */
const providerOf = (accountId) => {
	const account = accountId && accountId !== '_ADD_' ? RED.nodes.node(accountId) : null;
	return account ? providers.find(({ name }) => name === account.provider) : undefined;
};

/** The account that is chosen in the open form, else the one that the node has. */
const chosenAccount = (node) => $('#node-input-account').val() || node.account;

const isVariable = (value) => /^\$\{[^}]+\}$/.test(value);

const isCount = (value, least, most) =>
	value === '' ||
	value === undefined ||
	isVariable(value) ||
	(/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most);

const isSeconds = (value, most) =>
	value === '' ||
	value === undefined ||
	isVariable(value) ||
	(value !== null && Number(value) >= 0.1 && Number(value) <= most);

/** A typed input over a field and the field with the same name and `Type`. */
const typedInput = (name, types) =>
	$(`#node-input-${name}`).typedInput({
		default: types[0],
		types,
		typeField: `#node-input-${name}Type`,
	});

/** Valid, or what is wrong in a sentence. Empty values are the business of `isNeeded`. */
const checkTyped = (node, name, value, options, isNeeded) => {
	if (value === '' || value === undefined || value === null) {
		return isNeeded
			? RED._('validator.errors.missing-required-prop', { prop: options.label || name })
			: true;
	}
	const input = $(`#node-input-${name}Type`);
	const type = (input.length > 0 && input.val()) || node[`${name}Type`] || 'str';
	if (isVariable(value)) return true;
	return RED.utils.validateTypedProperty(String(value), type, options);
};

/** Rows that are folded away until their heading is clicked; open from the start when one is in use. */
const foldable = (heading, rows, isOpen) => {
	const show = (open) => {
		heading.attr('aria-expanded', String(open));
		heading.find('i').toggleClass('fa-caret-down', open).toggleClass('fa-caret-right', !open);
		rows.toggle(open);
		RED.tray.resize();
	};
	heading.on('click', (event) => {
		event.preventDefault();
		show(heading.attr('aria-expanded') !== 'true');
	});
	show(isOpen);
};

/** Adds Node-RED's context stores to a select, the default one first. */
const addStores = (select, chosen) => {
	const { default: usual, stores = [] } = RED.settings.context || {};
	select.empty();
	$('<option>', { value: '', text: usual ? `${usual} (default)` : 'default' }).appendTo(select);
	for (const store of stores) {
		if (store !== usual) $('<option>', { value: store, text: store }).appendTo(select);
	}
	if (chosen && !stores.includes(chosen)) {
		$('<option>', { value: chosen, text: chosen }).appendTo(select);
	}
	select.val(chosen || '');
	return stores.length > 1 || Boolean(chosen);
};
