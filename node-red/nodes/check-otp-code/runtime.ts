import type { Node, NodeAPI, NodeDef } from 'node-red';

import { checkCode } from '../../../calls/codeCheck';
import type { CheckResult, MarkStore } from '../../../calls/codeCheck';
import { purposeField, verificationField } from '../../../calls/fields';
import { asLine, isUnset } from '../../../providers/reading/values';
import { codeField, phoneNumberField } from '../../../providers/sharedFields';
import { findAccount, isForTrying } from '../../host/account';
import { clock } from '../../host/clock';
import { lastingOf } from '../../host/contextStore';
import { markStoreOf } from '../../host/markStore';
import { workOnMessages } from '../../host/messages';
import type { Message } from '../../host/messages';
import { sayingWhere, valueReader } from '../../host/typedValues';
import type { ValueReader } from '../../host/typedValues';
import { wordsOfNode } from '../../host/words';

/** A check node's configuration, ready to be used for each message. */
interface CheckOptions {
	readonly account: unknown;
	readonly verification: ValueReader;
	readonly code: ValueReader;
	/** Null: the code may be for any number. */
	readonly phoneNumber: ValueReader | null;
	readonly purpose: ValueReader;
	/** Checked for each message, so that a wrong one is an error of a message. */
	readonly maxAttempts: unknown;
	readonly marks: MarkStore;
}

function readOptions(RED: NodeAPI, node: Node, config: ReadonlyMap<string, unknown>): CheckOptions {
	const read = (field: Parameters<typeof valueReader>[3]) => valueReader(RED, node, config, field);
	const isForAny = isUnset(asLine(config.get(phoneNumberField.name)));
	return {
		account: config.get('account'),
		verification: read(verificationField),
		code: read(codeField),
		phoneNumber: isForAny ? null : read(phoneNumberField),
		purpose: read(purposeField),
		maxAttempts: config.get('maxAttempts'),
		marks: markStoreOf(node, config.get('store'), () => clock.now()),
	};
}

/** The values that a check takes from elsewhere, by the names of their fields. */
const readersOf = ({ code, phoneNumber, purpose, verification }: CheckOptions) =>
	new Map([
		[verificationField.name, verification],
		[codeField.name, code],
		[purposeField.name, purpose],
		...(phoneNumber === null ? [] : ([[phoneNumberField.name, phoneNumber]] as const)),
	]);

/**
 * Checks the code of one message.
 * @returns the payload
 * @throws OtpCallError
 */
async function check(
	RED: NodeAPI,
	options: CheckOptions,
	{ message, signal, status }: Message,
): Promise<CheckResult> {
	const context = findAccount(RED, options.account).contextFor(signal);
	status.show('checking');
	const result = await sayingWhere(
		() => readersOf(options),
		async () =>
			await checkCode(context, options.marks, {
				verification: await options.verification(message),
				code: await options.code(message),
				// A number that is asked for, and that the message lacks, is another number: else any would do.
				...(options.phoneNumber !== null && {
					phoneNumber: (await options.phoneNumber(message)) ?? null,
				}),
				purpose: await options.purpose(message),
				maxAttempts: options.maxAttempts,
			}),
	);
	status.showCheck(result);
	return result;
}

/** The node that says whether a typed code is the one that was read out. */
export default function (RED: NodeAPI): void {
	const words = wordsOfNode(RED, 'check-otp-code');

	function CheckOtpCode(this: Node, config: NodeDef): void {
		RED.nodes.createNode(this, config);
		const properties = new Map<string, unknown>(Object.entries(config));
		const options = readOptions(RED, this, properties);
		const lasting = lastingOf(RED, properties.get('store'));
		const isForgetful = lasting === 'forgotten' || lasting === 'later';
		if (isForgetful && !isForTrying(RED, options.account)) {
			this.warn(words.translate(`log.${lasting}`));
		}
		workOnMessages(RED, this, words, (message) => check(RED, options, message), {
			outputOf: ({ valid }) => (valid ? 0 : 1),
		});
	}

	RED.nodes.registerType('check-otp-code', CheckOtpCode);
}
