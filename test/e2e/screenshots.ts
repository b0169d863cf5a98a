import { closeBrowser } from './browser/browser';
import { takeN8nPictures } from './browser/n8nPictures';
import { Run } from './hosts/programs';

/** Takes the pictures of one host. What it starts by `run` ends with the run. */
type Photographer = (run: Run) => Promise<void>;

/** All pictures of the README and the docs, by host. */
const photographers: Readonly<Record<string, Photographer>> = {
	n8n: takeN8nPictures,
};

/** `npm run screenshots -- n8n`: those of one host; without a name all of them. */
const wanted = process.argv.slice(2);

const run = new Run();
try {
	for (const [host, takePictures] of Object.entries(photographers))
		if (wanted.length === 0 || wanted.includes(host)) await takePictures(run);
} finally {
	await closeBrowser();
	await run.end();
}
