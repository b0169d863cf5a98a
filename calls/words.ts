import { everywhere, languages } from '../providers/fields';
import type { Language, Words } from '../providers/fields';

/** What a host calls the things that messages speak of. */
export interface Vocabulary {
	readonly language: Language;
	readonly nouns: Readonly<Record<Noun, Words>>;
}

/**
 * Where an account is filled in, the two nodes that messages point to, the field that decides which
 * provider is asked, and what to do with a field whose text should have been worked out: a whole sentence.
 */
type Noun = 'account' | 'sendNode' | 'statusNode' | 'providerChoice' | 'howToEvaluate';

/** For readers who see no form: the core's own tests, and the message of an error before a host has it. */
export const plainWords: Vocabulary = {
	language: 'en',
	nouns: {
		account: everywhere('account'),
		sendNode: everywhere('Send OTP Call'),
		statusNode: everywhere('Get OTP Call Status'),
		providerChoice: everywhere('Provider'),
		howToEvaluate: everywhere('Give the value itself'),
	},
};

const isNoun = (name: string): name is Noun => Object.hasOwn(plainWords.nouns, name);

const marked = /‹([^‹›]*)›/g;

/**
 * A text as its reader has the words before them: labels of fields (`named` in `providers/fields.ts`) in
 * the language of the form, and nouns such as ‹account› as the host calls them.
 */
export function wordsIn(text: string, { language, nouns }: Vocabulary): string {
	return text.replace(marked, (_, inner: string) => {
		if (isNoun(inner)) return nouns[inner][language];
		const labels = inner.split('|');
		return labels[languages.indexOf(language)] ?? inner;
	});
}

/** The marks taken out of a text that a provider or a user has written. */
export function withoutMarks(text: string): string {
	return text.replace(/[‹›]/g, "'");
}

const counted = (count: number, unit: string): string =>
	`${count} ${unit}${count === 1 ? '' : 's'}`;

/** `1 second`, `2 seconds`. */
export const secondsInWords = (seconds: number): string => counted(seconds, 'second');

/** So long a time as people say it: seconds up to a minute and a half, then minutes, then hours, rounded up. */
export function durationInWords(seconds: number): string {
	if (seconds <= 90) return secondsInWords(seconds);
	const minutes = Math.ceil(seconds / 60);
	return minutes <= 90 ? counted(minutes, 'minute') : counted(Math.ceil(minutes / 60), 'hour');
}
