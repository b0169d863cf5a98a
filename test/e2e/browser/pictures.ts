import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import { repository } from '../hosts/programs';

/** Where the README and the docs have their pictures. */
const folder = join(repository, 'docs', 'images');

/** The two looks that GitHub's readers have. */
export const colorSchemes = ['light', 'dark'] as const;

/** One of the two. */
export type ColorScheme = (typeof colorSchemes)[number];

/** What a picture shows: so many pixels of the page around one or several elements. */
export interface Crop {
	readonly around: readonly Locator[];
	readonly margin: number;
	/** Where the picture ends at the latest, in pixels from the top of the page. */
	readonly bottom?: number;
}

/** The smallest rectangle that holds all of them, with a margin, within the page. */
async function rectangleOf(page: Page, { around, margin, bottom: end = Infinity }: Crop) {
	const size = page.viewportSize();
	if (size === null) throw new Error('The page has no size');
	const boxes = await Promise.all(
		around.map(async (element) => {
			const box = await element.boundingBox();
			if (box === null) throw new Error(`Nothing is to be seen of ${String(element)}`);
			return box;
		}),
	);
	const left = Math.max(0, Math.min(...boxes.map(({ x }) => x)) - margin);
	const top = Math.max(0, Math.min(...boxes.map(({ y }) => y)) - margin);
	const right = Math.max(...boxes.map(({ x, width }) => x + width)) + margin;
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + margin;
	return {
		x: left,
		y: top,
		width: Math.min(size.width, right) - left,
		height: Math.min(size.height, bottom, end) - top,
	};
}

/**
 * Takes a picture for the README or the docs: `<name>.png`, or `<name>-dark.png` for readers in the dark. What is
 * not wanted on it has to be hidden before.
 */
export async function takePicture(
	page: Page,
	name: string,
	colorScheme: ColorScheme,
	crop?: Crop,
): Promise<void> {
	const clip = crop && (await rectangleOf(page, crop));
	const picture = await page.screenshot({
		animations: 'disabled',
		caret: 'hide',
		...(clip && { clip }),
	});
	const file = `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`;
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, file), picture);
	process.stdout.write(`docs/images/${file}: ${String(Math.ceil(picture.length / 1024))} KB\n`);
}
