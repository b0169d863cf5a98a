import type { Node, NodeAPI, NodeDef } from 'node-red';

import { workOnMessages } from '../../host/messages';
import { sendOne } from './sendOne';
import { readSendOptions } from './sendOptions';

/** The node that has a phone called and a code read out. */
export default function (RED: NodeAPI): void {
	function SendOtpCall(this: Node, config: NodeDef): void {
		RED.nodes.createNode(this, config);
		const options = readSendOptions(RED, this, new Map<string, unknown>(Object.entries(config)));
		workOnMessages(
			RED,
			this,
			(key) => RED._(`send-otp-call.${key}`),
			(message) => sendOne(RED, options, message),
		);
	}

	RED.nodes.registerType('send-otp-call', SendOtpCall);
}
