import { runInNodeRed } from '../hosts/nodeRedFlow';
import type { FlowNode } from '../hosts/nodeRed';
import type { OpenCase } from '../measuring/measuredCase';

const PAUSE_SECONDS = '2';

/** What builders make by hand: http request, then delay, http request and switch in a loop. */
export const open: OpenCase = ({ baseUrl, token }) =>
	runInNodeRed({
		first: 'send',
		nodes: (answered) => [
			{
				...httpRequest('send', 'POST', token),
				url: `${baseUrl}/api/v2/voice/otp`,
				wires: [['pause']],
			},
			{
				id: 'pause',
				type: 'delay',
				pauseType: 'delay',
				timeout: PAUSE_SECONDS,
				timeoutUnits: 'seconds',
				wires: [['address']],
			},
			{
				id: 'address',
				type: 'change',
				rules: [
					{
						t: 'set',
						p: 'url',
						pt: 'msg',
						to: `"${baseUrl}/api/v2/voice/status/" & payload.result.id`,
						tot: 'jsonata',
					},
					{ t: 'delete', p: 'headers', pt: 'msg' },
				],
				wires: [['look']],
			},
			{ ...httpRequest('look', 'GET', token), url: '', wires: [['ended']] },
			{
				id: 'ended',
				type: 'switch',
				property: 'payload.result.status',
				propertyType: 'msg',
				rules: [{ t: 'eq', v: 'WAITING', vt: 'str' }, { t: 'else' }],
				checkall: 'false',
				repair: false,
				outputs: 2,
				wires: [['pause'], [answered]],
			},
		],
		messageFor: ({ phoneNumber, code }) => ({ payload: { phoneNumber, text: code } }),
	});

function httpRequest(id: string, method: 'GET' | 'POST', token: string): FlowNode {
	return {
		id,
		type: 'http request',
		method,
		ret: 'obj',
		paytoqs: 'ignore',
		authType: 'bearer',
		credentials: { user: '', password: token },
		persist: false,
		senderr: true,
		headers: [],
	};
}
