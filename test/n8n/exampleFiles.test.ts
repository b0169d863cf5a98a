import assert from 'node:assert/strict';

import { at } from '../tools/simulator/client';
import { loadPackage } from './engine';
import { exampleFiles as files, isOurs, readExample } from './examples';

describe('n8n: the examples as files', () => {
	for (const file of files) {
		const { nodes, connections } = readExample(file);
		const names = new Set(nodes.map(({ name }) => name));

		it(`${file} is wired completely, and says what it does`, () => {
			assert.equal(names.size, nodes.length);
			const wires = Object.values(connections).flatMap(({ main = [] }) => main);
			const ends = [
				...Object.keys(connections),
				...wires.flatMap((wire) => (wire ?? []).map(({ node }) => node)),
			];
			for (const end of ends) assert.ok(names.has(end), end);
			assert.ok(nodes.some(({ type }) => type.endsWith('.stickyNote')));
		});

		it(`${file} holds no credentials, and only parameters that the nodes have`, async () => {
			const loader = await loadPackage();
			for (const { credentials, type, parameters } of nodes) {
				assert.equal(credentials, undefined);
				if (!type.startsWith(loader.packageName)) continue;
				const properties = at(
					loader.getNode(type.replace(/^.*\./, '')).type,
					'description',
					'properties',
				);
				assert.ok(Array.isArray(properties));
				const known = new Set(properties.map((property) => at(property, 'name')));
				for (const name of Object.keys(parameters)) assert.ok(known.has(name), name);
			}
		});
	}

	it('have an ID each, without which n8n’s command line does not import them', () => {
		const ids = files.map((file) => readExample(file).id ?? '');
		for (const id of ids) assert.match(id, /^[0-9A-Za-z]{16}$/);
		assert.equal(new Set(ids).size, files.length);
	});

	it('lead what the nodes fail at somewhere, and hold no code but names of fields', () => {
		for (const file of files) {
			const { nodes, connections } = readExample(file);
			for (const { name, onError, parameters, type } of nodes) {
				assert.doesNotMatch(JSON.stringify(parameters), /includes\(|=>|\?\?/, `${file}: ${name}`);
				// The restart-safe one fails on purpose: its executions are retried from n8n's list.
				if (!isOurs({ type }) || type.endsWith('Trigger') || /restart/.test(file)) continue;
				assert.equal(onError, 'continueErrorOutput', `${file}: ${name}`);
				assert.ok(
					connections[name]?.['main']?.[1]?.[0],
					`${file}: ${name} leads no error anywhere`,
				);
			}
		}
	});

	it('keep no execution in which a person has typed a code', () => {
		for (const file of files) {
			const { nodes, settings } = readExample(file);
			if (!nodes.some(({ type }) => type.endsWith('.checkOtpCode'))) continue;
			assert.equal(settings['saveDataSuccessExecution'], 'none', file);
		}
	});

	it('bound the calls of strangers, and have a place for a CAPTCHA', () => {
		for (const file of files) {
			const { nodes } = readExample(file);
			if (!nodes.some(({ type }) => type.endsWith('.checkOtpCode'))) continue;
			for (const { parameters, type } of nodes.filter(isOurs)) {
				if (!type.endsWith('.sendOtpCall')) continue;
				assert.equal(parameters['generateCode'], true, file);
				for (const name of [
					'coolDownSeconds',
					'maxCallsPerHour',
					'maxCallsPerHourAll',
					'maxCallsPerDayAll',
				]) {
					assert.ok(Number(at(parameters, 'options', name)) > 0, `${file}: ${name}`);
				}
			}
			assert.match(JSON.stringify(nodes), /CAPTCHA/, file);
		}
	});

	it('show every node of the package', () => {
		const types = new Set(files.flatMap((file) => readExample(file).nodes.map(({ type }) => type)));
		for (const name of ['sendOtpCall', 'getOtpCallStatus', 'checkOtpCode', 'otpCallTrigger']) {
			assert.ok(types.has(`n8n-nodes-otp-call.${name}`), name);
		}
	});
});
