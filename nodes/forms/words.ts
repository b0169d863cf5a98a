import { wordsIn } from '../../calls/words';
import type { Vocabulary } from '../../calls/words';
import { everywhere } from '../../providers/fields';
import type { Words } from '../../providers/fields';

/** How n8n calls what messages and hints speak of. Its forms are English only, by its own rules. */
export const n8nWords: Vocabulary = {
	language: 'en',
	nouns: {
		account: everywhere('credential'),
		sendNode: everywhere('Send OTP Call'),
		statusNode: everywhere('Get OTP Call Status'),
		providerChoice: everywhere('Provider'),
		howToEvaluate: everywhere(
			'Switch this field to Expression: point at it and choose Expression beside Fixed, above its right end',
		),
	},
};

/** Words of a field as n8n's reader has them. */
export const inEnglish = (words: Words): string => wordsIn(words.en, n8nWords);

/** A hint as n8n's style has it: one sentence without its full stop, several with it. */
export function asDescription(words: Words): string {
	const text = inEnglish(words);
	return text.includes('. ') ? `${text}.` : text;
}
