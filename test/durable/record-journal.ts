/**
 * `npm run journal`: records a journal of this version for the tests of later ones, once before its release. Refuses to change one that
 * there is: what was released does not change.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JOURNALS, dump, histories, record } from './journals.ts';

const manifest: { version: string } = JSON.parse(
  readFileSync(new URL('../../packages/engine/package.json', import.meta.url), 'utf8'),
);
const file = join(JOURNALS, `${manifest.version}.sql`);
if (existsSync(file)) {
  console.error(`${file} is there already: a new version has another number.`);
  process.exit(2);
}
const directory = mkdtempSync(join(tmpdir(), 'stepyard-journal-'));
const path = join(directory, 'journal.sqlite');
await record(path);
mkdirSync(JOURNALS, { recursive: true });
writeFileSync(file, dump(path));
writeFileSync(file.replace(/sql$/u, 'txt'), await histories(path));
rmSync(directory, { recursive: true });
console.log(`recorded ${file}`);
