import assert from 'node:assert/strict';

import { examples, own, withDashboard } from './exampleFlows';
import type { FlowNode } from './runningFlow';

const isOfDashboard = ({ type }: FlowNode): boolean => String(type).startsWith('ui-');

describe('Node-RED: the files of the examples', () => {
	it('show every node of the palette', () => {
		const shown = new Set(examples.flatMap(({ nodes }) => nodes.map(({ type }) => type)));
		for (const type of [
			'send-otp-call',
			'get-otp-call-status',
			'check-otp-code',
			'otp-call-event',
		]) {
			assert.ok(shown.has(type), type);
		}
	});

	it('hold no credentials, and no IDs twice', () => {
		const ids = examples.flatMap(({ nodes }) => nodes.map(({ id }) => id));
		assert.equal(new Set(ids).size, ids.length);
		for (const { file, nodes } of examples) {
			assert.ok(!nodes.some((node) => 'credentials' in node), file);
		}
	});

	it('have accounts that can be told apart when all are imported', () => {
		const accounts = examples.flatMap(({ nodes }) =>
			nodes.filter(({ type }) => type === 'otp-call-account').map(({ name }) => name),
		);
		assert.equal(new Set(accounts).size, accounts.length, accounts.join(', '));
	});

	it('wire nothing to a node that is not there', () => {
		for (const { file, nodes } of examples) {
			const ids = new Set(nodes.map(({ id }) => id));
			const wired = nodes.flatMap(({ wires }) =>
				Array.isArray(wires) ? wires.flat().map(String) : [],
			);
			for (const id of wired) assert.ok(ids.has(id), `${file}: ${id}`);
		}
	});

	it('need no other palette, or say on the canvas which one', () => {
		for (const { file, nodes } of own) assert.ok(!nodes.some(isOfDashboard), file);
		const comments = examples
			.filter(({ file }) => file === withDashboard)
			.flatMap(({ nodes }) => nodes.filter(({ type }) => type === 'comment'));
		assert.match(String(comments[0]?.['name']), /^Needs @flowfuse\/node-red-dashboard\./);
	});

	it('check a code without a line of JavaScript', () => {
		for (const { file, nodes } of examples) {
			if (!nodes.some(({ type }) => type === 'check-otp-code')) continue;
			assert.ok(!nodes.some(({ type }) => type === 'function'), file);
		}
	});

	it('bound the calls of strangers, and have a place for a CAPTCHA', () => {
		for (const { file, nodes } of examples) {
			const isOpen = nodes.some(({ type }) => /^(http|websocket) in$|^ui-form$/.test(String(type)));
			for (const node of nodes.filter(({ type }) => type === 'send-otp-call')) {
				if (!isOpen) continue;
				for (const name of [
					'coolDownSeconds',
					'maxCallsPerHour',
					'maxCallsPerHourAll',
					'maxCallsPerDayAll',
				]) {
					assert.ok(Number(node[name]) > 0, `${file}: ${name}`);
				}
				assert.match(JSON.stringify(nodes), /CAPTCHA/, file);
			}
		}
	});

	it('say on the canvas what to do', () => {
		for (const { file, nodes } of examples) {
			assert.ok(
				nodes.some(({ type }) => type === 'comment'),
				file,
			);
		}
	});
});
