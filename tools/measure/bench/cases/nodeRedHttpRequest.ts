import { runInNodeRed } from '../hosts/nodeRedFlow';
import type { OpenCase } from '../measuring/measuredCase';

/** Node-RED's own `http request` node, set up as a builder would for the same request. */
export const open: OpenCase = ({ baseUrl, token }) =>
	runInNodeRed({
		first: 'send',
		nodes: (answered) => [
			{
				id: 'send',
				type: 'http request',
				method: 'POST',
				url: `${baseUrl}/api/v2/voice/otp`,
				ret: 'obj',
				paytoqs: 'ignore',
				authType: 'bearer',
				credentials: { user: '', password: token },
				persist: false,
				senderr: true,
				headers: [],
				wires: [[answered]],
			},
		],
		messageFor: ({ phoneNumber, code }) => ({ payload: { phoneNumber, text: code } }),
	});
