import { sendOtpCall } from '../../calls/send';
import type { CallReport, SendInput } from '../../calls/send';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { sample } from '../fixtures/samples';
import { TestHost } from './testHost';
import type { Reply } from './testHost';

const campaign = 'f77dfcf4-0759-4179-93cb-741f481a776e';

export const bitelInput: SendInput = { phoneNumber: '09123456789', code: '1234', fields: {} };

export const autocallInput: SendInput = {
	phoneNumber: '0332665711',
	code: 'LUAN001',
	fields: { campaign, template: 'otp_script_01', refId: 'ABC123' },
};

export interface Case {
	readonly host: TestHost;
	readonly sending: Promise<CallReport>;
}

export function sendByBitel(replies: readonly Reply[], input: Partial<SendInput> = {}): Case {
	const host = new TestHost(bitel, replies);
	return { host, sending: sendOtpCall(host.context, { ...bitelInput, ...input }) };
}

export function sendByAutocall(replies: readonly Reply[], input: Partial<SendInput> = {}): Case {
	const host = new TestHost(autocall, replies);
	return { host, sending: sendOtpCall(host.context, { ...autocallInput, ...input }) };
}

export const bitelAccepts = sample('bitel-send.answer');
export const autocallAccepts = sample('autocall-send.answer');

/** The CDR of the documents, as if the call had just been made. */
export const freshCdr = (changes: Readonly<Record<string, unknown>> = {}): object => ({
	...sample('autocall-cdr'),
	time_started: '2025-06-01 15:00:01',
	time_answered: '2025-06-01 15:00:06',
	time_ended: '2025-06-01 15:00:07',
	...changes,
});
