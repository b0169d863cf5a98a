import type { NodeAPI } from 'node-red';

import type { Vocabulary } from '../../calls/words';
import type { NodeType } from '../forms/fields';
import { isLanguage, vocabularyIn } from '../forms/words';

/** Translates a key of a node's locale file; gives the key back when there is no word for it. */
export type Translate = (key: string, values?: Readonly<Record<string, string>>) => string;

/** What a node says, in the language of the runtime. */
export interface NodeWords {
	readonly translate: Translate;
	/** For errors, which name the fields as the form does. */
	readonly vocabulary: Vocabulary;
}

/** The words of a node. The locale file that the runtime has chosen says which language it is in. */
export function wordsOfNode(RED: NodeAPI, type: NodeType): NodeWords {
	const translate: Translate = (key, values) => RED._(`${type}.${key}`, values);
	const language = translate('language');
	return { translate, vocabulary: vocabularyIn(isLanguage(language) ? language : 'en') };
}
