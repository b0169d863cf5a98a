import type { NodeType } from '../forms/fields';
import { forms } from './forms';
import type { Say } from './forms';

/**
 * Both searches of the editor, the palette's filter and quick-add, look at a node's type and label only.
 * Whoever types "sms", "2fa" or a provider's name shall find our nodes, too: these words are added to what
 * is searched, and not to what is shown. They are said to nothing else of the editor; where a later version
 * keeps its lists otherwise, they have no effect.
 */
export function findable(say: Say, type: NodeType): void {
	const words = [say('find'), ...forms.flatMap(({ name, label }) => [name, label])].join(' ');
	const shown = $(`.red-ui-palette-node[data-palette-type="${type}"]`);
	shown.attr('data-palette-label', `${shown.attr('data-palette-label') ?? ''} ${words}`);
	RED.events.on('type-search:open', () => {
		$('#red-ui-type-search .red-ui-editableList-item-content').each((_, entry) => {
			const item: unknown = $(entry).data('data');
			if (!isEntry(item) || item.type !== type) return;
			item.index = `${item.index} ${words.toLowerCase()}`;
		});
	});
}

interface Entry {
	readonly type: unknown;
	/** What is searched. */
	index: string;
}

const isEntry = (item: unknown): item is Entry =>
	typeof item === 'object' &&
	item !== null &&
	'type' in item &&
	'index' in item &&
	typeof item.index === 'string';
