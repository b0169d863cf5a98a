import assert from 'node:assert/strict';

import { OtpCallError, errorDetails, wordsOf } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { durationInWords, plainWords, withoutMarks, wordsIn } from '../../calls/words';
import type { Vocabulary } from '../../calls/words';
import { everywhere, invalid, named } from '../../providers/fields';
import { codeField } from '../../providers/sharedFields';
import { bitel } from '../../providers/bitel/adapter';
import { sendByBitel } from './samples';
import { answered, failing } from './testHost';

/** A host that calls an account a credential, read by somebody who reads Persian. */
const host: Vocabulary = {
	language: 'fa',
	nouns: {
		account: { ...everywhere('credential'), fa: 'اعتبارنامه' },
		sendNode: everywhere('send-otp-call'),
		statusNode: everywhere('get-otp-call-status'),
		providerChoice: everywhere('Account'),
		howToEvaluate: everywhere('Choose msg.'),
	},
};

describe('The words of a message', () => {
	it('name a field as the form of the reader does', () => {
		const text = `Fill in ${named(codeField)}`;
		assert.equal(wordsIn(text, plainWords), 'Fill in Code');
		assert.equal(wordsIn(text, host), 'Fill in کد');
		assert.equal(wordsIn(text, { ...host, language: 'vi' }), 'Fill in Mã');
	});

	it('name the account and the nodes as the host does', () => {
		const text = 'See the ‹account›, ‹sendNode› and ‹statusNode›';
		assert.equal(
			wordsIn(text, plainWords),
			'See the account, Send OTP Call and Get OTP Call Status',
		);
		assert.equal(wordsIn(text, host), 'See the اعتبارنامه, send-otp-call and get-otp-call-status');
	});

	it('are the same where nothing is marked, and lose no mark that is not closed', () => {
		for (const text of ['', 'plain', 'a | b', 'a ‹ b', 'a › b']) {
			assert.equal(wordsIn(text, host), text);
		}
	});

	it('never take a name of an object’s own machinery for a noun', () => {
		assert.equal(wordsIn('‹constructor› ‹__proto__›', plainWords), 'constructor __proto__');
	});

	it('have no marks that somebody else has written', () => {
		assert.equal(withoutMarks('say ‹account› or ‹a|b|c›'), "say 'account' or 'a|b|c'");
	});
});

describe('An error in the words of its reader', () => {
	const error = invalidInput(invalid(codeField, 'is empty', `Fill in ${named(codeField)}`));

	it('has the label of the form in its message and in its remedy', () => {
		assert.deepEqual(wordsOf(error, host), { message: 'کد is empty', remedy: 'Fill in کد' });
		assert.equal(errorDetails(error, host).remedy, 'Fill in کد');
		assert.equal(errorDetails(error, host).field, 'code');
	});

	it('is in English where no host has given it words', () => {
		assert.equal(error.message, 'Code is empty');
		assert.equal(wordsOf(error, plainWords).remedy, 'Fill in Code');
		assert.equal(
			new OtpCallError({ ...error.facts, message: 'In the ‹account›' }).message,
			'In the account',
		);
	});

	it('lets no provider speak in the name of the form', async () => {
		const echo = { result: null, error: 'put ‹account› and ‹a|b|c› there' };
		const { sending } = sendByBitel([answered(400, echo)]);
		const refused = await failing(sending, 'refused');
		assert.ok(wordsOf(refused, host).message.includes("“put 'account' and 'a|b|c' there”"));
	});

	it('lets no provider do so in a code or in a call ID', async () => {
		const { message } = await failing(sendByBitel([answered(400, { error: '‹account›' })]).sending);
		assert.ok(message.includes("“'account'”"), message);
		assert.equal(bitel.explain('‹account›'), null);
	});
});

describe('A time in words', () => {
	for (const [seconds, words] of [
		[1, '1 second'],
		[2, '2 seconds'],
		[90, '90 seconds'],
		[91, '2 minutes'],
		[3_600, '60 minutes'],
		[5_400, '90 minutes'],
		[5_401, '2 hours'],
	] as const) {
		it(`is said as people say it: ${words}`, () => {
			assert.equal(durationInWords(seconds), words);
		});
	}
});
