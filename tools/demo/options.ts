import { UsageError, readOptions } from '../commandLine';

/** How the demo is started. */
export interface DemoOptions {
	/** Where Node-RED listens; null: the usual port, else the first after it that is free. */
	readonly port: number | null;
	/** Where the simulator listens; null: any free port. */
	readonly simulatorPort: number | null;
	/** Without it only the sandbox can be called. */
	readonly simulator: boolean;
	/** Show the usage and end. */
	readonly help: boolean;
}

export const usage = `Usage: npm start -- [options]

  --port <number>            where Node-RED listens (or PORT in the environment);
                             default: the first that is free from 1880 on; 0: any free port
  --simulator-port <number>  where the simulator of the providers listens; default: any free port
  --no-simulator             start without the simulator: only the sandbox can be called
  --help                     show this`;

function readPort(text: string | undefined, name: string): number | null {
	if (text === undefined || text === '') return null;
	const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
	if (port <= 65_535) return port;
	throw new UsageError(`${name} must be a port number from 0 to 65535, not "${text}"`);
}

/** @throws UsageError */
export function readDemoOptions(
	args: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
): DemoOptions {
	const options = readOptions(
		{
			port: { type: 'string' },
			'simulator-port': { type: 'string' },
			simulator: { type: 'boolean', default: true },
			help: { type: 'boolean', short: 'h', default: false },
		},
		args,
	);
	return {
		port: readPort(options.port, '--port') ?? readPort(environment['PORT'], 'PORT'),
		simulatorPort: readPort(options['simulator-port'], '--simulator-port'),
		simulator: options.simulator,
		help: options.help,
	};
}
