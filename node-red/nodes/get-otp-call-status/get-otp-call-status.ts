import type { Node, NodeAPI, NodeDef } from 'node-red';

import { workOnMessages } from '../../host/messages';
import { askOne } from './askOne';
import { readStatusOptions } from './statusOptions';

/** The node that says where a call stands and how it ended. */
export default function (RED: NodeAPI): void {
	function GetOtpCallStatus(this: Node, config: NodeDef): void {
		RED.nodes.createNode(this, config);
		const options = readStatusOptions(RED, this, new Map<string, unknown>(Object.entries(config)));
		workOnMessages(
			RED,
			this,
			(key) => RED._(`get-otp-call-status.${key}`),
			(message) => askOne(RED, options, message),
		);
	}

	RED.nodes.registerType('get-otp-call-status', GetOtpCallStatus);
}
