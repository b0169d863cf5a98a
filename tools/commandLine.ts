import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What the user typed cannot be followed; the message says why. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}

/** Which numbers an option takes. */
interface Range {
	readonly least: number;
	readonly most?: number;
	readonly whole?: boolean;
}

/** Reads the number that was typed for an option. @throws UsageError */
export function readNumber(
	option: string,
	text: string,
	{ least, most = Infinity, whole = false }: Range,
): number {
	const number = text.trim() === '' ? NaN : Number(text);
	if (number >= least && number <= most && Number.isFinite(number)) {
		if (!whole || Number.isInteger(number)) return number;
	}
	const kind = whole ? 'a whole number' : 'a number';
	const range =
		most === Infinity ? `${String(least)} or more` : `from ${String(least)} to ${String(most)}`;
	throw new UsageError(`--${option} must be ${kind}, ${range}, not "${text}"`);
}

/**
 * Reads the options of a program; `--no-<name>` switches off what is on by default.
 * @param args default: those of this process
 * @throws UsageError for one that is not known
 */
export function readOptions<const T extends NonNullable<ParseArgsConfig['options']>>(
	options: T,
	args: readonly string[] = process.argv.slice(2),
) {
	try {
		return parseArgs({ args: [...args], options, allowNegative: true }).values;
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

/** Runs a tool; what goes wrong is told, and the process fails. @param usage shown when the options are wrong */
export async function runTool(usage: string, tool: () => Promise<void>): Promise<void> {
	try {
		await tool();
	} catch (error) {
		console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error);
		process.exitCode = 1;
	}
}
