// A process of its own for one case, so that its memory and its event loop are its own.
import { openers } from '../cases/index';
import { isOrders } from '../orders';
import { serveCommands } from './commands';
import { measure } from './measure';
import { type RunningCase, isTarget } from './measuredCase';

// The loader turns source maps on, which makes every stack trace dear; no host runs like that.
process.setSourceMapsEnabled(false);

let running: RunningCase | undefined;

function opened(): RunningCase {
	if (running === undefined) throw new Error('No case is open');
	return running;
}

function ordersIn(argument: unknown): Parameters<typeof measure>[1] {
	if (!isOrders(argument)) throw new TypeError('Expected orders');
	return argument;
}

serveCommands({
	open: async (argument) => {
		if (!isTarget(argument)) throw new TypeError('Expected a target');
		const open = openers.get(argument.caseName);
		if (open === undefined) throw new RangeError(`There is no case ${argument.caseName}`);
		running = await open(argument);
		return running.editorUrl;
	},
	warmUp: (argument) => opened().place(ordersIn(argument), () => undefined),
	measure: (argument) => measure(opened(), ordersIn(argument)),
	close: () => running?.close(),
});
