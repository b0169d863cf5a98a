// What must exist outside of this repository before its packages are published, checked before each publication
// (.github/workflows/publish.yml). CONTRIBUTING.md says how each thing is brought about, under the same numbers.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8');

type Facts = Readonly<Record<string, unknown>>;

const isFacts = (value: unknown): value is Facts => typeof value === 'object' && value !== null;

function factsOf(text: string): Facts {
	const facts: unknown = JSON.parse(text);
	return isFacts(facts) ? facts : {};
}

const textIn = (value: unknown, name: string): string => {
	const text = isFacts(value) ? value[name] : undefined;
	return typeof text === 'string' ? text : '';
};

const manifests = ['package.json', 'node-red/package.json'].map((file) => factsOf(read(file)));

const textsIn = (facts: Facts, name: string): readonly string[] => {
	const texts = facts[name];
	return Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : [];
};

const addresses = factsOf(read('docs/addresses.json'));
/** Pages of others that a reader opens. */
export const pagesElsewhere = textsIn(addresses, 'pages');
/** Servers of others that answer programs. */
export const serversElsewhere = textsIn(addresses, 'servers');

/** Where this repository is found. */
export const home = textIn(manifests[0]?.['repository'], 'url').replace(/^git\+|\.git$/g, '');

/** What is asked of the world. */
export interface World {
	/** Of the publishing workflow. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** The status and the body of an address; 0: it cannot be reached. */
	readonly get: (address: string) => Promise<{ readonly status: number; readonly text: string }>;
}

/** One thing that must be there: null, or what is missing and what to do. */
type Check = (world: World) => Promise<string | null>;

const nameOf = (manifest: Facts): string => textIn(manifest, 'name');
const ownRepository = home.replace('https://github.com/', '');

const isInThePlaceThatPackagesName: Check = async ({ env, get }) => {
	const running = env['GITHUB_REPOSITORY'] ?? '';
	if (running !== ownRepository) {
		return `this workflow runs in ${running || 'no repository'}, and the packages name ${ownRepository}: npm refuses the provenance`;
	}
	const { status, text } = await get(`https://api.github.com/repos/${ownRepository}`);
	if (status === 200 && factsOf(text)['private'] === false) return null;
	return `${home} is not public: every link of the nodes leads there`;
};

const takesReports: Check = async ({ get }) => {
	const address = `https://api.github.com/repos/${ownRepository}/private-vulnerability-reporting`;
	const { status, text } = await get(address);
	if (status === 200 && factsOf(text)['enabled'] === true) return null;
	return 'private vulnerability reporting is off, and SECURITY.md sends people there: switch it on under Settings → Advanced Security';
};

const existsAtNpm =
	(name: string): Check =>
	async ({ get }) => {
		const { status } = await get(`https://registry.npmjs.org/${name.replace('/', '%2f')}`);
		if (status === 200) return null;
		return `${name} is not at npm: an owner publishes it once by hand, since npm takes a trusted publisher only for a package that exists`;
	};

const hasIdentity: Check = async ({ env }) =>
	env['ACTIONS_ID_TOKEN_REQUEST_URL']
		? null
		: 'the workflow has no identity to show npm: it needs the permission id-token: write';

const isOneVersion: Check = async ({ env }) => {
	const tag = env['GITHUB_REF_NAME'] ?? '';
	const versions = manifests.map((manifest) => `v${textIn(manifest, 'version')}`);
	if (versions.some((version) => version !== tag)) {
		return `the tag is ${tag || 'missing'} and the packages are ${versions.join(' and ')}: set the same version in both, then tag it`;
	}
	const version = tag.slice(1).replaceAll('.', '\\.');
	if (new RegExp(`^## \\[?${version}\\]?`, 'm').test(read('CHANGELOG.md'))) return null;
	return `CHANGELOG.md has no section ${tag.slice(1)}: users read there what has changed`;
};

const pagesAreThere: Check = async ({ get }) => {
	const answers = await Promise.all(
		pagesElsewhere.map(async (page) => ({ page, status: (await get(page)).status })),
	);
	// Some pages refuse programs: they are there.
	const isThere = (status: number): boolean => (status >= 200 && status < 400) || status === 403;
	const gone = answers.filter(({ status }) => !isThere(status)).map(({ page }) => page);
	return gone.length === 0 ? null : `these pages are gone: ${gone.join(', ')}`;
};

const checks: readonly (readonly [string, Check])[] = [
	['1. the organisation and its repository', isInThePlaceThatPackagesName],
	['2. a way to report a weakness', takesReports],
	...manifests.map((manifest): readonly [string, Check] => [
		`3. ${nameOf(manifest)} at npm`,
		existsAtNpm(nameOf(manifest)),
	]),
	['4. the identity of the workflow', hasIdentity],
	['5. one version everywhere', isOneVersion],
	['6. the pages that we lead to', pagesAreThere],
];

/** Says of each thing whether it is there. @returns what is missing */
export async function missingIn(world: World): Promise<readonly string[]> {
	const found = await Promise.all(
		checks.map(async ([what, check]) => {
			const missing = await check(world);
			return missing === null ? [] : [`${what}: ${missing}`];
		}),
	);
	return found.flat();
}

async function get(address: string): ReturnType<World['get']> {
	try {
		const token = process.env['GITHUB_TOKEN'];
		const isGithub = address.startsWith('https://api.github.com/');
		const headers = isGithub && token ? { authorization: `Bearer ${token}` } : {};
		const answer = await fetch(address, { headers, signal: AbortSignal.timeout(20_000) });
		return { status: answer.status, text: await answer.text() };
	} catch {
		return { status: 0, text: '' };
	}
}

async function run(): Promise<void> {
	const missing = await missingIn({ env: process.env, get });
	const say = (line: string): void => void process.stdout.write(`${line}\n`);
	for (const line of missing) say(`✗ ${line}`);
	if (missing.length === 0) return say('✓ Everything is there');
	say('Nothing is published. See CONTRIBUTING.md, Release');
	process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void run();
