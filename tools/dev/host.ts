import type { Command } from './program';

/** A real host, as it is run for development. */
export interface DevHost {
	readonly title: string;
	/** Our package as the host loads it; what is built goes into its dist/. */
	readonly packageFolder: string;
	/** What to open. */
	readonly url: string;
	/** A path that answers with a success once the host runs. */
	readonly isReadyAt: string;
	/** True: it loads what was built anew by itself. False: it has to be started again. */
	readonly reloadsItself: boolean;
	/** The folders of the repository that are built for it, beside those of the core. */
	readonly sources: readonly string[];
	/** Makes everything ready that a start needs; what is there already is kept. @throws SetupError */
	prepare(signal: AbortSignal): Promise<void>;
	command(): Command;
}
