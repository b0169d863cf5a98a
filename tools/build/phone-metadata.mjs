// Writes providers/reading/phone-metadata.json: libphonenumber's metadata cut down to the countries that the
// providers call, so that the packages carry 1 KB of it instead of 80 KB.
// The "min" set is used on purpose: its patterns are the countries' general ones. The finer sets list
// every prefix in service, and refuse a person whose operator opened a new one since their release.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const countries = ['IR', 'VN'];
const require = createRequire(import.meta.url);
const all = JSON.parse(
	readFileSync(require.resolve('libphonenumber-js/metadata.min.json'), 'utf8'),
);

const callingCodes = Object.entries(all.country_calling_codes)
	.map(([code, users]) => [code, users.filter((country) => countries.includes(country))])
	.filter(([, users]) => users.length > 0);
const metadata = {
	version: all.version,
	country_calling_codes: Object.fromEntries(callingCodes),
	countries: Object.fromEntries(countries.map((country) => [country, all.countries[country]])),
};
// A test has it written elsewhere, to see whether the file is that of the library that is installed.
const target =
	process.argv[2] ?? new URL('../../providers/reading/phone-metadata.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(metadata, null, '\t')}\n`);
