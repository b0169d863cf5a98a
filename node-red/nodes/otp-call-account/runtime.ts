import type { NodeAPI, NodeDef } from 'node-red';

import { accountFieldsOf } from '../../../calls/account';
import { providers } from '../../../providers';
import { migrateAccount } from '../../forms/migrations';
import { openAccount } from '../../host/account';
import type { AccountNode } from '../../host/account';
import { serveForms } from '../../host/editorRequests';
import { forms } from '../../host/forms';
import { readRoute } from '../../host/route';
import { wordsOfNode } from '../../host/words';

/** The names of the secret fields of all providers. */
const secretNames = new Set(
	providers.flatMap((provider) =>
		accountFieldsOf(provider)
			.filter(({ kind }) => kind === 'secret')
			.map(({ name }) => name),
	),
);

/** What a flow file does not tell: made once for a user directory. '' where the settings cannot be kept. */
function instanceOf({ settings }: NodeAPI): string {
	const id: unknown = settings.available() ? settings.get('instanceId') : '';
	return typeof id === 'string' ? id : '';
}

/** The config node that holds an account at a provider, and owns its connections. */
export default function (RED: NodeAPI): void {
	serveForms(RED, wordsOfNode(RED, 'otp-call-account').vocabulary);

	function AccountNodeConstructor(this: AccountNode, config: NodeDef): void {
		RED.nodes.createNode(this, config);
		const properties = migrateAccount({ ...config }, forms);
		const secrets = { ...this.credentials };
		// A node has a `close` of its own.
		const id = `${instanceOf(RED)} ${this.id}`;
		const { close, ...account } = openAccount({ id, properties, secrets }, () =>
			readRoute(RED, properties),
		);
		Object.assign(this, account);
		this.on('close', (done: () => void) => {
			void close().finally(done);
		});
	}

	RED.nodes.registerType<AccountNode, NodeDef, object, object>(
		'otp-call-account',
		AccountNodeConstructor,
		{
			credentials: Object.fromEntries(
				[...secretNames].map((name) => [name, { type: 'password' as const }]),
			),
		},
	);
}
