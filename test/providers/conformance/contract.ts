import assert from 'node:assert/strict';

import { readBaseUrl } from '../../../calls/baseUrl';
import * as callFields from '../../../calls/fields';
import { limits } from '../../../calls/limits';
import { plainWords } from '../../../calls/words';
import type { Provider } from '../../../providers/contract';
import { isInvalid, languages } from '../../../providers/fields';
import type { Field, Words } from '../../../providers/fields';
import { readPhoneNumber } from '../../../providers/reading/phoneNumber';
import { readFields } from '../../../providers/reading/values';
import { callIdField, codeField, phoneNumberField } from '../../../providers/sharedFields';
import { check } from './samples';
import type { Checks } from './samples';

/** The names that the nodes themselves have for something. */
const takenNames: ReadonlySet<string> = new Set([
	...[phoneNumberField, codeField, callIdField].map(({ name }) => name),
	...Object.values(callFields).flatMap((field) => ('name' in field ? [field.name] : [])),
]);

interface Form {
	readonly of: string;
	readonly fields: readonly Field[];
}

/** Every form in which a provider has fields. */
const formsOf = ({ fields, account, calls }: Provider): readonly Form[] => [
	{ of: 'a call', fields },
	{ of: 'an account', fields: account?.fields ?? [] },
	{ of: 'the list of calls', fields: calls?.filters ?? [] },
];

interface NamedWords {
	readonly what: string;
	readonly words: Words | undefined;
	/** Names may be the same in every language; sentences are not. */
	readonly isSentence: boolean;
}

const wordsOfField = (field: Field): readonly NamedWords[] => {
	const own = (part: string, words: Words | undefined, isSentence = true): NamedWords => ({
		what: `${field.name}: ${part}`,
		words,
		isSentence,
	});
	return [
		own('label', field.label, false),
		...(field.hint === undefined ? [] : [own('hint', field.hint)]),
		...(field.placeholder === undefined ? [] : [own('placeholder', field.placeholder)]),
		...(field.kind === 'list' && field.entryHint ? [own('entryHint', field.entryHint)] : []),
		...(field.kind === 'choice' ? field.options : []).flatMap(({ value, label, hint }) => [
			own(`label of ${value}`, label, false),
			...(hint === undefined ? [] : [own(`hint of ${value}`, hint)]),
		]),
	];
};

const allWords = (provider: Provider): readonly NamedWords[] => [
	{ what: 'summary', words: provider.summary, isSentence: true },
	...(provider.notice ? [{ what: 'notice', words: provider.notice, isSentence: true }] : []),
	...formsOf(provider).flatMap(({ fields }) => fields.flatMap(wordsOfField)),
];

function checkWords({ what, words, isSentence }: NamedWords): void {
	for (const language of languages) {
		const text = words?.[language] ?? '';
		assert.notEqual(text.trim(), '', `${what} has no words in ${language}`);
		assert.equal(text, text.trim(), `${what} (${language}) has spaces around it`);
		const strange = text.replace(/‹(\w+)›/g, (mark, noun: string) =>
			Object.hasOwn(plainWords.nouns, noun) ? '' : mark,
		);
		assert.doesNotMatch(strange, /[‹›|]/, `${what} (${language}) has marks that nobody knows`);
		if (!isSentence) continue;
		assert.doesNotMatch(text, /[^.]\.$/, `${what} (${language}) ends with a full stop`);
		const isTranslated = language === 'en' || text !== words?.en;
		assert.ok(isTranslated, `${what} is in English where it should be in ${language}`);
	}
}

const duplicatesIn = (names: readonly string[]): readonly string[] =>
	names.filter((name, at) => names.indexOf(name) !== at);

function checkField(field: Field, form: readonly Field[], provider: Provider): void {
	const { name } = field;
	const { lists, account } = provider;
	assert.match(name, /^[a-z][A-Za-z0-9]*$/);
	if (field.kind === 'count') {
		const { least, most = Infinity, usual = least } = field;
		assert.ok(Number.isInteger(least) && least >= 0, `${name}: least is ${least}`);
		assert.ok(usual >= least && usual <= most, `${name}: ${usual} is not within its own limits`);
	}
	if (field.kind === 'choice') {
		const values = field.options.map(({ value }) => value);
		assert.ok(values.length > 0, `${name} has nothing to choose from`);
		assert.deepEqual(duplicatesIn(values), [], `${name} has options with the same value`);
		const isOption = field.usual === undefined || values.includes(field.usual);
		assert.ok(isOption, `${name}: ${field.usual} is none of its options`);
	}
	if (field.kind === 'list') {
		const isThere = Object.hasOwn(lists ?? {}, field.pickFrom);
		assert.ok(isThere, `${name}: there is no list ${field.pickFrom} to pick from`);
	}
	if (field.onlyIf !== undefined) {
		const { field: deciding, is } = field.onlyIf;
		const decider = form.find((other) => other.name === deciding);
		assert.ok(decider?.kind === 'choice', `${name}: onlyIf names ${deciding}, which is no choice`);
		const isOption = decider.options.some(({ value }) => value === is);
		assert.ok(isOption, `${name}: ${is} is none of the options of ${deciding}`);
	}
	if (field.accountDefault) {
		const isThere = account?.fields.some((other) => other.name === name) ?? false;
		assert.ok(isThere, `${name}: the account has no field of this name for a default`);
	}
	if (field.example !== undefined && field.kind !== 'url') {
		const read = readFields([{ ...field, required: false }], { [name]: field.example });
		assert.ok(!isInvalid(read), `${name}: its own example breaks its rule`);
	}
	if (field.kind === 'url') assert.equal(readBaseUrl(field.example, provider), field.example);
}

/** What a provider says of itself, its fields and its words. */
export const contractChecks: Checks = (provider) => [
	check('has a name for flows and one for people', () => {
		assert.match(provider.name, /^[a-z][a-z0-9-]*$/);
		assert.match(provider.label, /^\S(.*\S)?$/);
	}),

	check('has words in every language for all that it shows', () => {
		for (const words of allWords(provider)) checkWords(words);
	}),

	check('has an address, or answers by itself', () => {
		const { apiRoot, defaultBaseUrl } = provider;
		const isLocal = provider.answerLocally !== undefined;
		if (apiRoot === null) {
			assert.ok(isLocal, 'without a server it has to answer locally');
			assert.equal(defaultBaseUrl, null);
		} else {
			assert.match(apiRoot, /^(\/[\w.-]*\w)+$/);
			assert.equal(isLocal, false);
		}
		if (defaultBaseUrl !== null) assert.match(defaultBaseUrl, /^https:\/\/[a-z.-]+$/);
	}),

	check('calls countries whose examples are numbers of theirs', () => {
		for (const { code, example } of provider.countries) {
			assert.equal(readPhoneNumber(example, provider.countries)?.country.code, code);
		}
	}),

	check('reads out codes of some length', () => {
		const { minLength, maxLength } = provider.codeRule;
		assert.ok(minLength >= 1 && maxLength >= minLength && maxLength <= 64);
		assert.deepEqual(
			provider.codeKeys.filter((key) => key !== key.toLowerCase() || key.trim() === ''),
			[],
			'codeKeys are in lower case',
		);
	}),

	check('may have a first result within the time that a node waits', () => {
		assert.ok(provider.firstResultAfter > 0 && provider.firstResultAfter < limits.wait);
	}),

	check('has fields with names of their own within a form', () => {
		for (const { of, fields } of formsOf(provider)) {
			const names = fields.map(({ name }) => name);
			assert.deepEqual(duplicatesIn(names), [], `the form of ${of} has two of them`);
			if (of === 'an account') continue;
			const clashing = names.filter((name) => takenNames.has(name));
			assert.deepEqual(clashing, [], `the form of ${of} has such a field already`);
			const kept = fields.filter(({ kind }) => kind === 'secret' || kind === 'url');
			assert.deepEqual(kept, [], `the form of ${of} holds what belongs into an account`);
		}
	}),

	check('has fields that agree with each other, their lists and the account', () => {
		for (const { fields } of formsOf(provider)) {
			for (const field of fields) checkField(field, fields, provider);
		}
	}),

	check('has no list that nobody can pick from', () => {
		const used = formsOf(provider)
			.flatMap(({ fields }) => fields)
			.flatMap((field) => (field.kind === 'list' ? [field.pickFrom] : []));
		const unused = Object.keys(provider.lists ?? {}).filter((name) => !used.includes(name));
		assert.deepEqual(unused, []);
	}),

	check('has its secrets and its address among the fields of its account', () => {
		const { account, apiRoot, defaultBaseUrl } = provider;
		if (account === null) {
			assert.equal(apiRoot, null, 'a provider with a server needs an account');
			return;
		}
		const { companion, exchange, token } = account;
		const secrets = [token, exchange?.key, companion].filter((secret) => secret !== undefined);
		for (const secret of secrets) {
			assert.ok(account.fields.includes(secret), `${secret.name} is no field of the account`);
			assert.ok(secret.required, `${secret.name} is not required`);
		}
		const shown = account.fields.filter(({ kind }) => kind === 'secret');
		assert.equal(shown.length, secrets.length, 'the account has a secret that nothing uses');
		const address = account.fields.filter(({ kind }) => kind === 'url');
		assert.deepEqual(
			address.map(({ name }) => name),
			apiRoot === null ? [] : ['baseUrl'],
		);
		if (defaultBaseUrl === null) assert.ok(address.every(({ required }) => required));
	}),
];
