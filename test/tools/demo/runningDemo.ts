import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { at } from '../simulator/client';

const repository = join(import.meta.dirname, '../../..');

/** `npm start` as it runs for a person, in a process of its own. */
export interface RunningDemo {
	readonly url: string;
	/** What the person reads. */
	readonly text: () => string;
	/** Presses Ctrl-C. @returns the exit code, and how long the end took, in milliseconds */
	stop(): Promise<{ readonly code: number | null; readonly took: number }>;
	/** The folders that it has left behind. */
	leftovers(): Promise<readonly string[]>;
	/** Ends it whatever happened, and tidies up. */
	discard(): Promise<void>;
}

/** Starts the demo and waits until it says what to open. */
export async function startDemo(...args: readonly string[]): Promise<RunningDemo> {
	const folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
	const process_ = spawn(process.execPath, ['--import', 'tsx', 'tools/demo/start.ts', ...args], {
		cwd: repository,
		env: { ...process.env, TMPDIR: folder },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let text = '';
	const exited = new Promise<number | null>((resolve) => process_.once('exit', resolve));
	const ready = new Promise<void>((resolve) => {
		const read = (piece: Buffer): void => {
			text += piece.toString('utf8');
			if (text.includes('Ctrl-C')) resolve();
		};
		process_.stdout.on('data', read);
		process_.stderr.on('data', read);
	});
	await Promise.race([ready, exited]);
	return {
		url: /Demo page\s+(\S+)\/demo/.exec(text)?.[1] ?? '',
		text: () => text,
		async stop() {
			const start = Date.now();
			process_.kill('SIGINT');
			const code = await exited;
			return { code, took: Date.now() - start };
		},
		leftovers: async () => (await readdir(folder)).filter((name) => name.startsWith('otp-call')),
		async discard() {
			process_.kill('SIGKILL');
			await exited;
			await rm(folder, { recursive: true, force: true });
		},
	};
}

interface Answer {
	readonly order: string;
	readonly call?: { readonly status: string; readonly final: boolean; readonly callId: string };
	readonly event?: { readonly status: string; readonly final: boolean; readonly callId: string };
	readonly error?: { readonly code: string; readonly message: string; readonly remedy: string };
}

/** How one order went: the statuses in their order, or the error. */
export interface Outcome {
	readonly statuses: readonly string[];
	readonly error: Answer['error'] | null;
}

const isOver = ({ call, error }: Answer): boolean => error !== undefined || call?.final === true;

/** Orders a call as the page does, and follows it to its end. */
export async function order(
	url: string,
	fields: { readonly provider: string; readonly phoneNumber: string; readonly code: string },
): Promise<Outcome> {
	const socket = new WebSocket(`${url.replace('http', 'ws')}/demo/live`);
	const number = crypto.randomUUID();
	const answers: Answer[] = [];
	await new Promise<void>((resolve, reject) => {
		socket.onopen = () => socket.send(JSON.stringify({ kind: 'call', order: number, ...fields }));
		socket.onerror = () => reject(new Error('The flow does not answer'));
		socket.onmessage = ({ data }: { readonly data: unknown }) => {
			const answer = JSON.parse(String(data)) as Answer;
			answers.push(answer);
			if (answer.order === number && isOver(answer)) resolve();
		};
	});
	socket.close();
	const own = answers.find((answer) => answer.order === number)?.call?.callId;
	const calls = answers.flatMap(({ order: of, call, event }) => {
		if (of === number) return call ? [call] : [];
		return event !== undefined && event.callId === own ? [event] : [];
	});
	const words = calls.map(({ status }) => status);
	return {
		statuses: words.filter((word, index) => word !== words[index - 1]),
		error: answers.find((answer) => answer.order === number && answer.error)?.error ?? null,
	};
}

/** Asserts that nobody listens there any more. */
export async function assertClosed(url: string): Promise<void> {
	await assert.rejects(fetch(url), ({ cause }: Error) => at(cause, 'code') === 'ECONNREFUSED');
}
