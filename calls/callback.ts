import { invalid, named } from '../providers/fields';
import type { FieldValues } from '../providers/fields';
import type { CallContext } from './context';
import { invalidInput } from './failures';
import { waitForField } from './fields';
import { checkReachable } from './registrations';

/** An address at which a host would hear of one call, for a provider that takes one with each call. */
export interface OfferedCallback {
	readonly url: string;
	/** The flow waits for what comes there: an address of the user's own would make it wait in vain. */
	readonly isNeeded: boolean;
}

/**
 * Where the provider is to tell of a call: an address of the user's own goes before that of the host.
 * @param fields the provider's own fields, checked
 * @returns null: nowhere, or the provider takes no address with a call
 * @throws OtpCallError `invalid-input` when the provider cannot reach the address, or two are needed
 */
export function chooseCallback(
	context: CallContext,
	fields: FieldValues,
	offered: OfferedCallback | undefined,
): string | null {
	const field = context.provider.events?.perCall?.field;
	if (field === undefined) return null;
	const own = fields.text(field);
	if (own !== undefined && offered?.isNeeded === true) {
		throw invalidInput(
			invalid(
				field,
				`cannot be used while the flow waits for the event: ${context.provider.label} takes one address for a call`,
				`Leave ${named(field)} empty, or set ${named(waitForField)} to polling`,
			),
		);
	}
	if (own !== undefined) checkReachable(context, own, field);
	else if (offered !== undefined) checkReachable(context, offered.url);
	return own ?? offered?.url ?? null;
}
