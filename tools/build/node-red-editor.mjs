// Makes the files that Node-RED's editor loads: a form may include other files, and the forms of the
// providers (node-red/providers/*.json) become rows, defaults and words. Everything is inline, since a
// file that the editor cannot load would stop it.
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** The providers' forms in the order of node-red/providers/index.ts. */
function readForms(nodeRed) {
	const index = readFileSync(join(nodeRed, 'providers/index.ts'), 'utf8');
	const [, list = ''] = /forms[^=]*= \[([^\]]*)\]/.exec(index) ?? [];
	return list
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '')
		.map((name) => readJson(join(nodeRed, 'providers', `${name}.json`)));
}

const wordsOfField = ['label', 'placeholder', 'hint'];

/** What the editor needs of a form: its words are in the locale files. */
const formForEditor = ({ send, ...form }) => ({
	...form,
	send: send.map((field) =>
		Object.fromEntries(Object.entries(field).filter(([key]) => !wordsOfField.includes(key))),
	),
});

const pickButton = ({ pickFrom }) =>
	pickFrom === undefined
		? ''
		: `
				<button type="button" class="red-ui-button otp-call-pick" data-pick="${pickFrom}" data-i18n="[title]@type.label.pick"><i class="fa fa-list"></i></button>`;

const sendRow = (field) => `
			<div class="form-row">
				<label for="node-input-${field.name}"><i class="fa fa-${field.icon}"></i> <span data-i18n="@type.field.${field.name}.label"></span></label>
				<input type="text" id="node-input-${field.name}" data-i18n="[placeholder]@type.field.${field.name}.placeholder" />
				<input type="hidden" id="node-input-${field.name}Type" />${pickButton(field)}
			</div>${
				field.hint === undefined
					? ''
					: `
			<div class="form-tips" data-i18n="@type.field.${field.name}.hint"></div>`
			}`;

const sendRows = (forms) =>
	forms
		.filter(({ send }) => send.length > 0)
		.map(
			({ name, send }) => `<div data-provider="${name}">${send.map(sendRow).join('')}\n\t\t</div>`,
		)
		.join('\n\t\t');

const sendDefaults = (forms) =>
	forms
		.flatMap(({ send }) => send)
		.map(
			({ name, types }) =>
				`${name}: { value: '', validate: validOwn('${name}') },\n\t\t\t\t${name}Type: { value: '${types[0]}' },`,
		)
		.join('\n\t\t\t\t');

function composeForm(nodeRed, file, forms) {
	const type = basename(file, '.html');
	const parts = {
		providers: () => forms.map((form) => JSON.stringify(formForEditor(form))).join(', '),
		'send-rows': () => sendRows(forms),
		'send-defaults': () => sendDefaults(forms),
		include: (path) => compose(readFileSync(join(nodeRed, path), 'utf8').trim()),
	};
	const compose = (text) =>
		text.replace(/(?:<!--|\/\*)@([\w-]+)(?: ([\w./-]+))?(?:-->|\*\/)/g, (whole, name, path) => {
			const part = parts[name];
			if (part === undefined) throw new Error(`${file}: nothing is known of ${whole}`);
			return part(path);
		});
	return compose(readFileSync(file, 'utf8')).replaceAll('@type.', `${type}.`);
}

/** Words of the fields by language; what is missing in a language is taken in English. */
const fieldWords = (forms, language) =>
	Object.fromEntries(
		forms
			.flatMap(({ send }) => send)
			.map(({ name, ...words }) => [
				name,
				Object.fromEntries(
					wordsOfField
						.filter((key) => words[key] !== undefined)
						.map((key) => [key, words[key][language] ?? words[key]['en-US']]),
				),
			]),
	);

const isGroup = (value) => typeof value === 'object' && value !== null;

function merge(base, over) {
	const merged = { ...base };
	for (const [key, value] of Object.entries(over)) {
		merged[key] = isGroup(value) && isGroup(merged[key]) ? merge(merged[key], value) : value;
	}
	return merged;
}

const sharedWords = 'shared.json';

/** A node's words with those that all nodes share; the send node also has those of the providers' fields. */
function composeWords(folder, name, field) {
	const type = basename(name, '.json');
	const shared = join(folder, sharedWords);
	const words = merge(
		existsSync(shared) ? readJson(shared) : {},
		readJson(join(folder, name))[type],
	);
	const all = type === 'send-otp-call' ? { ...words, field } : words;
	return `${JSON.stringify({ [type]: all }, null, '\t')}\n`;
}

function write(file, text) {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

/** Writes forms, locales and help of every node into `outDir`, beside the runtime files. */
export function buildEditor(nodeRed, outDir) {
	const forms = readForms(nodeRed);
	for (const file of globSync('nodes/*/*.html', { cwd: nodeRed })) {
		write(join(outDir, basename(file)), `${composeForm(nodeRed, join(nodeRed, file), forms)}\n`);
	}
	for (const file of globSync('locales/*/*', { cwd: nodeRed })) {
		const [, language, name] = file.split('/');
		if (name === sharedWords) continue;
		const text = name.endsWith('.json')
			? composeWords(join(nodeRed, 'locales', language), name, fieldWords(forms, language))
			: readFileSync(join(nodeRed, file), 'utf8');
		write(join(outDir, file), text);
	}
	for (const file of globSync('icons/*.svg', { cwd: nodeRed })) {
		write(join(outDir, file), readFileSync(join(nodeRed, file), 'utf8'));
	}
}
