import { Setting, oneOf, urlOrNone, yesOrNo } from '../../settings';

/** What can be switched for Bitel: what its documents leave open, and its project's webhook. */
export function bitelSettings() {
	return {
		/** Bitel: whether a status look-up wraps the record into `{ result, error }`. */
		bitelStatusEnvelope: new Setting(true, yesOrNo),
		/** Bitel: whether USER_BUSY and NO_ANSWER show between two tries; else WAITING stays. */
		bitelShowsRetries: new Setting(false, yesOrNo),
		/** Bitel: the project's webhook URL; '' for none. */
		bitelWebhookUrl: new Setting('', urlOrNone),
		bitelWebhookBody: new Setting('json', oneOf('json', 'form')),
		/** Bitel: whether the webhook's `cause` is a status name or its number. */
		bitelWebhookCause: new Setting('name', oneOf('name', 'number')),
	};
}
