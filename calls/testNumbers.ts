import { providers } from '../providers';
import type {
	HttpAnswer,
	PlannedLookup,
	PlannedSend,
	Provider,
	Reading,
} from '../providers/contract';
import { invalid, isInvalid, named } from '../providers/fields';
import type { InvalidField } from '../providers/fields';
import { readPhoneNumber } from '../providers/reading/phoneNumber';
import { isUnset, readLine } from '../providers/reading/values';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { invalidInput } from './failures';
import { testCodeField, testNumbersField } from './fields';
import { checkSpokenCode } from './input';

/**
 * Test numbers of an account: never called, for those who review an app and for staging. A call to one
 * goes as a provider without a server lets it go, and the ID of such a call says so, so that it can be
 * looked up without a request. An ID counts only while its number is listed: whoever makes one up for
 * another number gets nothing but what the real provider says of it.
 */

/** The numbers of an account that are never called. */
export interface TestNumbers {
	/** E.164. */
	readonly numbers: ReadonlySet<string>;
	/** Null: a call to one of them has its own code. */
	readonly code: string | null;
}

/** A shorter one is soon guessed. Where the provider reads out fewer characters it is as long as it can be. */
const fullLength = 6;

const runs = ['01234567890123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].flatMap((run) => [
	run,
	[...run].reverse().join(''),
]);

/** What people try first: one character again and again, and runs such as 123456. */
const isGuessedFirst = (code: string): boolean =>
	new Set(code).size === 1 || runs.some((run) => run.includes(code.toUpperCase()));

function readTestCode(value: unknown, provider: Provider): string | null {
	if (isUnset(value)) return null;
	const { codeRule, label } = provider;
	const least = Math.min(fullLength, codeRule.maxLength);
	const remedy = `Choose ${least} or more ${codeRule.alphabet === 'digits' ? 'digits' : 'letters and digits'} by chance for ${named(testCodeField)} of the ‹account›, or leave it empty`;
	const wrong = (rule: string) => invalidInput(invalid(testCodeField, rule, remedy));
	let code: string;
	try {
		code = checkSpokenCode(value, provider).replaceAll(' ', '');
	} catch (error) {
		if (!(error instanceof OtpCallError)) throw error;
		throw wrong(`of the ‹account› is no code that ${label} could read out`);
	}
	if (code.length < least) {
		throw wrong(
			`of the ‹account› must have at least ${least} characters: a shorter one is guessed`,
		);
	}
	if (isGuessedFirst(code)) throw wrong('of the ‹account› is one that everybody tries first');
	return code;
}

/**
 * The test numbers that a user has filled in for an account; null: none.
 * @param values by the names of the fields, unchecked
 * @throws OtpCallError `invalid-input`: a number that is misspelled would be called
 */
export function readTestNumbers(
	provider: Provider,
	values: Readonly<Record<string, unknown>>,
): TestNumbers | null {
	const of = (name: string): unknown => (Object.hasOwn(values, name) ? values[name] : undefined);
	const line = readLine(of(testNumbersField.name), testNumbersField);
	if (isInvalid(line)) throw invalidInput(line);
	const entries = (line ?? '')
		.split(/[,;،؛]/)
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
	const numbers = new Set<string>();
	for (const [at, entry] of entries.entries()) {
		const number = readPhoneNumber(entry, provider.countries);
		if (number === null) {
			const { label, countries } = provider;
			throw invalidInput(
				invalid(
					testNumbersField,
					`of the ‹account› must be numbers that ${label} could call, separated by commas: number ${at + 1} is none`,
					`Correct it, such as ${countries[0].example}`,
				),
			);
		}
		numbers.add(number.e164);
	}
	return numbers.size === 0
		? null
		: { numbers, code: readTestCode(of(testCodeField.name), provider) };
}

/** Stands before the ID of a test call. */
const mark = 'test-';

/** A provider that lets calls go by itself. */
type LocalProvider = Provider & Required<Pick<Provider, 'answerLocally'>>;

const isLocal = (provider: Provider): provider is LocalProvider =>
	provider.answerLocally !== undefined;

/**
 * The provider that test calls go by.
 * @throws Error where none calls nobody: the numbers would be called
 * @internal for the tests, which know other lists of providers
 */
export function stageAmong(all: readonly Provider[]): LocalProvider {
	const local = all.find(isLocal);
	if (local === undefined)
		throw new Error('No provider answers by itself: test numbers would be called');
	return local;
}

const stage = stageAmong(providers);

const marked = (id: string): string => `${mark}${id}`;

/** What the local provider says of a call, as the real one would say it. */
function asReal(reading: Reading, { name }: Provider): Reading {
	if (reading.is !== 'call') return reading;
	const callId = marked(reading.call.callId);
	return {
		...reading,
		call: { ...reading.call, provider: name, callId, test: true },
		// It has no other reference: nothing is sent to anybody.
		identity: { ...reading.identity, reference: callId },
		record: { ...reading.record, provider: name, callId, test: true },
	};
}

/** The real provider in all that is checked before a call, and one that calls nobody in all that follows. */
function rehearsed(real: Provider, local: LocalProvider): Provider {
	const withReal = <T extends PlannedSend | PlannedLookup>(
		planned: T | InvalidField,
	): T | InvalidField =>
		isInvalid(planned)
			? planned
			: { ...planned, read: (answer: HttpAnswer) => asReal(planned.read(answer), real) };
	const planStatus = (callId: string) => withReal(local.planStatus(callId.slice(mark.length)));
	return {
		...real,
		label: `${real.label} (test number)`,
		planSend(order) {
			const asked = real.planSend(order);
			return isInvalid(asked) ? asked : withReal(local.planSend(order));
		},
		planStatus,
		planRecord: planStatus,
		readProblem: (answer) => local.readProblem(answer),
		judge: (answer) => local.judge?.(answer) ?? null,
		isNoRecord: (answer) => local.isNoRecord(answer),
		explain: (code) => local.explain(code),
		answerLocally: (request, now) => local.answerLocally(request, now),
	};
}

const withStage = (context: CallContext): CallContext => ({
	...context,
	provider: rehearsed(context.provider, stage),
});

/** @param e164 checked */
export const isTestNumber = ({ tests }: CallContext, e164: string): boolean =>
	tests?.numbers.has(e164) ?? false;

/** The context in which a number is called: one that calls nobody, for a test number. @param e164 checked */
export const contextForNumber = (context: CallContext, e164: string): CallContext =>
	isTestNumber(context, e164) ? withStage(context) : context;

/** The number in the ID of a test call; null: it is of no test call. */
function numberIn(callId: string, now: number): string | null {
	if (!callId.startsWith(mark)) return null;
	const planned = stage.planStatus(callId.slice(mark.length));
	if (isInvalid(planned)) return null;
	const answer = stage.answerLocally(planned.request, now);
	if (answer === 'answer-lost') return null;
	const reading = planned.read(answer);
	return reading.is === 'call' ? reading.call.phoneNumber : null;
}

/** The context in which a call is looked up: that of a test call of a listed number makes no request. */
export function contextForCall(context: CallContext, callId: string): CallContext {
	const number = numberIn(callId, context.clock.now());
	return number === null ? context : contextForNumber(context, number);
}
