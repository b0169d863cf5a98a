import type { HttpAnswer, Provider } from '../providers/contract';
import { named } from '../providers/fields';
import { field, isJsonObject, parseJson } from '../providers/reading/json';
import { baseUrlName } from '../providers/sharedFields';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { failureOf, question, verdictOf } from './failures';
import { ask } from './status';

/** A server answers, but not the provider's. */
export function strangeServer({ defaultBaseUrl, label }: Provider): OtpCallError {
	const usual = defaultBaseUrl === null ? '' : `, usually ${defaultBaseUrl}`;
	return new OtpCallError({
		kind: 'bad-response',
		message: `This server does not answer like ${label}`,
		remedy: `Check ${named(baseUrlName)}${usual}`,
		callMayHaveBeenPlaced: false,
	});
}

function hasKey({ text }: HttpAnswer, key: string): boolean {
	const body = parseJson(text);
	return isJsonObject(body) && field(body, key) !== undefined;
}

/**
 * Asks the provider something that only an account that it accepts is told: it calls nobody and costs
 * nothing. Resolves when the account can be used.
 * @throws OtpCallError
 */
export async function testAccount(context: CallContext): Promise<void> {
	const { provider } = context;
	if (provider.account === null) return;
	const { answerKey, path, query } = provider.account.test;
	const answer = await ask(context, { method: 'GET', path, ...(query && { query }) }, 1);
	const { status } = answer;
	const isSuccess = status >= 200 && status <= 299 && provider.readProblem(answer).code === null;
	const verdict = isSuccess ? null : verdictOf(context, answer);
	// What any server may say in front of the API: it need not look like it.
	const isTurnedAway = verdict === 'not-authorized' || verdict === 'forbidden';
	if (isTurnedAway || verdict === 'rate-limited') throw failureOf(context, question, answer);
	if (!hasKey(answer, answerKey)) throw strangeServer(provider);
	if (verdict !== null && !provider.isNoRecord(answer)) throw failureOf(context, question, answer);
}
