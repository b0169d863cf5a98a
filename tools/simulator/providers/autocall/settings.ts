import { Setting, type ValuesOf, oneOf } from '../../settings';

/** What can be switched for Autocall: what its documents leave open, or say in two ways. */
export function autocallSettings() {
	return {
		/**
		 * Autocall: what a look-up answers while there is no record. `not-found`: 404 with an error text;
		 * `not-found-200`: the same text with 200; the others: 200 with an empty body, `{}` or `null`.
		 */
		noRecordForm: new Setting(
			'not-found',
			oneOf('not-found', 'not-found-200', 'empty', 'object', 'null'),
		),
		/** Autocall: the form of the token endpoint's answer. */
		tokenForm: new Setting('flat', oneOf('flat', 'wrapped')),
		/** Autocall: whether an event in the list has `event_domain_uuid` and `event_name`, or `id` and `event`. */
		eventListForm: new Setting('event_domain_uuid', oneOf('event_domain_uuid', 'id')),
		/**
		 * Autocall: `all` fields that are known at the time, or `sparse`: the older page's sample, where
		 * durations come with hangup only, status and recording with cdr only, and no reference at all.
		 */
		eventFields: new Setting('all', oneOf('all', 'sparse')),
	};
}

/** Autocall's settings as they are at one time. */
export type AutocallSettings = ValuesOf<ReturnType<typeof autocallSettings>>;
