import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import axe from 'axe-core';
import { type Browser, type Locator, type Page, chromium } from 'playwright-core';

import { debianPrograms } from '../hosts/debian';
import { cache } from '../hosts/programs';

/** What was on the screen when a test of the latest run failed, a picture for each page that was open. */
const failureFolder = join(cache, 'failures');

/** Who looks at a page, and how. */
export interface Viewer {
	/** As a person has set it in the system. Default: light. */
	readonly colorScheme?: 'light' | 'dark';
	/** The first language of the browser, such as `fa`. Default: `en-US`. */
	readonly locale?: string;
	/** Default: 1440 × 900. */
	readonly viewport?: { readonly width: number; readonly height: number };
	/** Pixels of a picture for each pixel of the page. Default: 1. */
	readonly scale?: number;
	/** Windows' high contrast, which takes all colours away. Default: none. */
	readonly forcedColors?: 'active' | 'none';
}

let running: Promise<Browser> | null = null;

async function launch(): Promise<Browser> {
	const { chromium: executablePath } = await debianPrograms();
	// Beside what Playwright sets: a container has no sandbox and no graphics card, and nothing is asked of anyone.
	const args = [
		'--no-sandbox',
		'--disable-gpu',
		'--disable-quic',
		'--no-first-run',
		'--disable-background-networking',
		'--disable-component-update',
		'--disable-sync',
	];
	return await chromium.launch({ executablePath, args, headless: true });
}

/** n8n's forms answer 401 to a browser that calls itself headless, as bots do. */
const userAgentOf = (browser: Browser): string =>
	`Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Safari/537.36`;

/**
 * Opens an empty page that shares nothing with any other, in the one browser of this process: cookies and storage
 * are its own. Close it by `page.context().close()`, at the earliest in an `after` hook: what a failing test
 * had on the screen is taken before.
 */
export async function openPage(viewer: Viewer = {}): Promise<Page> {
	running ??= launch();
	const browser = await running;
	const { colorScheme = 'light', locale = 'en-US', forcedColors = 'none', scale = 1 } = viewer;
	const context = await browser.newContext({
		userAgent: userAgentOf(browser),
		viewport: viewer.viewport ?? { width: 1440, height: 900 },
		deviceScaleFactor: scale,
		colorScheme,
		locale,
		forcedColors,
		// Nothing moves, so that nothing is clicked or pictured on its way.
		reducedMotion: 'reduce',
		permissions: ['clipboard-read', 'clipboard-write'],
	});
	context.setDefaultTimeout(15_000);
	return await context.newPage();
}

/** Ends the browser with all of its pages. */
export async function closeBrowser(): Promise<void> {
	const browser = await running?.catch(() => null);
	running = null;
	await browser?.close();
}

/** Removes the pictures of an earlier run. */
export function forgetFailures(): void {
	rmSync(failureFolder, { recursive: true, force: true });
}

/** Takes a picture of every open page, under the name of the test that has failed. @returns the files */
export async function keepScreenshots(title: string): Promise<readonly string[]> {
	const browser = await running?.catch(() => null);
	const pages = (browser?.contexts() ?? []).flatMap((context) => context.pages());
	if (pages.length > 0) mkdirSync(failureFolder, { recursive: true });
	const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120);
	const files: string[] = [];
	for (const [index, page] of pages.entries()) {
		const path = join(failureFolder, `${name}-${String(index + 1)}.png`);
		// A page that hangs, or is gone, must not hide why the test failed.
		const taken = await page.screenshot({ path, timeout: 10_000 }).catch(() => null);
		if (taken !== null) files.push(path);
	}
	return files;
}

/** What axe says of one rule that is broken, as far as it is used here. */
interface Violation {
	readonly id: string;
	readonly impact: string;
	readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const grave = new Set(['serious', 'critical']);

/** Where axe is to look: its name for an element that need not have one. */
const lookedAt = 'data-looked-at';

/** In the page: `setAttribute`, or its opposite. */
interface Marked {
	toggleAttribute(name: string, force: boolean): boolean;
}

/**
 * Looks with axe for what keeps people from using an element and all that is in it.
 * @param except names of axe's rules that are broken by the host's own parts
 * @returns what is serious or critical, a line for each element that breaks a rule
 */
async function seriousFaults(
	element: Locator,
	except: readonly string[],
): Promise<readonly string[]> {
	const page = element.page();
	const mark = (on: boolean) =>
		element.evaluate((node: Marked, [name, is]) => node.toggleAttribute(name, is), [
			lookedAt,
			on,
		] as const);
	await page.evaluate(axe.source);
	await mark(true);
	const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]));
	const violations: readonly Violation[] = await page.evaluate(
		`axe
			.run('[${lookedAt}]', { rules: ${JSON.stringify(rules)}, resultTypes: ['violations'] })
			.then(({ violations }) => violations)`,
	);
	await mark(false);
	return violations
		.filter(({ impact }) => grave.has(impact))
		.flatMap(({ id, impact, nodes }) =>
			nodes.map(({ html, failureSummary }) => {
				const why = failureSummary.replace(/\s+/g, ' ');
				return `${id} (${impact}): ${html.slice(0, 200)}: ${why}`;
			}),
		);
}

/** @throws AssertionError with what axe has found that is serious or critical */
export async function assertAccessible(
	element: Locator,
	except: readonly string[] = [],
): Promise<void> {
	const faults = await seriousFaults(element, except);
	assert.equal(faults.length, 0, `axe has found:\n${faults.join('\n')}`);
}
