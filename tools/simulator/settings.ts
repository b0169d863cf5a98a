import { type JsonObject, readObject } from './json';

/** A setting: what it is now, which can be changed while the simulator runs. */
export class Setting<T> {
	readonly #read: (value: unknown) => T | undefined;
	#start: T;
	value: T;

	/** `read`: checks a value from outside; undefined when the setting cannot have it. */
	constructor(start: NoInfer<T>, read: (value: unknown) => T | undefined) {
		this.#read = read;
		this.#start = start;
		this.value = start;
	}

	/** Checks a new value. Returns what takes it; undefined when the setting cannot have it. */
	prepare(value: unknown): (() => void) | undefined {
		const read = this.#read(value);
		return read === undefined ? undefined : () => void (this.value = read);
	}

	/** What it is now is what a reset brings back. */
	keepAsStart(): void {
		this.#start = this.value;
	}

	reset(): void {
		this.value = this.#start;
	}
}

/** Settings by their names. */
export type SettingTable = Readonly<
	Record<string, Pick<Setting<unknown>, 'value' | 'prepare' | 'keepAsStart' | 'reset'>>
>;

/** The values of a table's settings. */
export type ValuesOf<Table> = {
	readonly [Name in keyof Table]: Table[Name] extends { value: infer Value } ? Value : never;
};

/** How calls and answers go, whatever the provider. All times are in milliseconds. */
export function commonSettings() {
	return {
		/** Every API answer comes this much later, in real time. */
		latencyMs: new Setting(0, milliseconds),
		/** From the request until the dialer starts. */
		queuedMs: new Setting(1_000, milliseconds),
		/** From the dialer's start until the phone is answered or the try is given up. */
		ringsMs: new Setting(2_000, milliseconds),
		talksMs: new Setting(3_000, milliseconds),
		/** Between the end of a try and the next one, where a provider tries again by itself. */
		retryGapMs: new Setting(2_000, milliseconds),
		/** From the end of a call until its record can be looked up, where a provider writes one then. */
		recordDelayMs: new Setting(0, milliseconds),
		/** How often each webhook is delivered: 2 repeats every delivery once. */
		deliveryCopies: new Setting(1, (value) =>
			Number.isInteger(value) ? milliseconds(value) : undefined,
		),
	};
}

/** The settings of the simulator and of all its providers. */
export class AllSettings {
	readonly #table = new Map<string, SettingTable[string]>();

	/** @throws TypeError when two tables have a setting of the same name */
	constructor(tables: readonly SettingTable[]) {
		for (const [name, setting] of tables.flatMap((table) => Object.entries(table))) {
			if (this.#table.has(name)) throw new TypeError(`There are two settings "${name}"`);
			this.#table.set(name, setting);
		}
	}

	/** All settings as they are now. */
	current(): JsonObject {
		return Object.fromEntries(Array.from(this.#table, ([name, { value }]) => [name, value]));
	}

	/** Takes those of `options` that are settings, now and after each reset. @throws TypeError as `change` */
	start(options: object): void {
		const given = Object.entries(options).filter(([name]) => this.#table.has(name));
		this.change(Object.fromEntries(given));
		for (const setting of this.#table.values()) setting.keepAsStart();
	}

	/**
	 * Changes all settings that `change` names, or none.
	 * @throws TypeError when `change` is not an object, or has an unknown name or an impossible value
	 */
	change(change: unknown): void {
		const takes = Object.entries(readObject(change)).map(([name, value]) => {
			const setting = this.#table.get(name);
			if (setting === undefined) throw new TypeError(`There is no setting "${name}"`);
			const take = setting.prepare(value);
			if (take !== undefined) return take;
			throw new TypeError(`Setting "${name}" cannot be ${JSON.stringify(value)}`);
		});
		for (const take of takes) take();
	}

	reset(): void {
		for (const setting of this.#table.values()) setting.reset();
	}
}

function milliseconds(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Reads a switch. */
export function yesOrNo(value: unknown): boolean | undefined {
	return typeof value === 'boolean' ? value : undefined;
}

/** Reads one of `words`. */
export function oneOf<const T extends string>(
	...words: readonly T[]
): (value: unknown) => T | undefined {
	return (value) => words.find((word) => word === value);
}

/** Reads a URL; '' stands for none. */
export function urlOrNone(value: unknown): string | undefined {
	return typeof value === 'string' && (value === '' || URL.canParse(value)) ? value : undefined;
}
