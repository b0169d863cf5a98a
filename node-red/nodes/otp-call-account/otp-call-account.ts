import type { NodeAPI } from 'node-red';

import { openAccount } from '../../host/account';
import type { AccountConfig, AccountNode } from '../../host/account';
import type { AccountSecrets } from '../../host/accountToken';
import { serveLists } from '../../host/lists';
import { readRoute } from '../../host/route';

/** The config node that holds an account at a provider, and owns its connections. */
export default function (RED: NodeAPI): void {
	serveLists(RED);

	function AccountNodeConstructor(this: AccountNode, config: AccountConfig): void {
		RED.nodes.createNode(this, config);
		// A node has a `close` of its own.
		const { close, ...account } = openAccount(config, this.credentials ?? {}, () =>
			readRoute(RED, config),
		);
		Object.assign(this, account);
		this.on('close', (done: () => void) => {
			void close().finally(done);
		});
	}

	const secrets: Readonly<Record<keyof AccountSecrets, { type: 'password' }>> = {
		token: { type: 'password' },
		apiKey: { type: 'password' },
	};
	RED.nodes.registerType<AccountNode, AccountConfig, object, AccountSecrets>(
		'otp-call-account',
		AccountNodeConstructor,
		{
			credentials: secrets,
		},
	);
}
