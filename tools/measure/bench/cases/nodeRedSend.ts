import { runInNodeRed } from '../hosts/nodeRedFlow';
import type { OpenCase } from '../measuring/measuredCase';

/** Our node in Node-RED. */
export const open: OpenCase = ({ baseUrl, token }) =>
	runInNodeRed({
		first: 'send',
		nodes: (answered) => [
			{
				id: 'account',
				type: 'otp-call-account',
				provider: 'bitel',
				baseUrl,
				credentials: { token },
			},
			{
				id: 'send',
				type: 'send-otp-call',
				account: 'account',
				phoneNumber: 'phoneNumber',
				phoneNumberType: 'msg',
				code: 'code',
				codeType: 'msg',
				simplify: true,
				wires: [[answered]],
			},
		],
		messageFor: ({ phoneNumber, code }) => ({ phoneNumber, code }),
	});
