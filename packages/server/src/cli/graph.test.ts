import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './run.ts';

const machine = {
  StartAt: 'A <b>',
  States: { 'A <b>': { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } },
};
let directory: string;
let file: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-graph-'));
  file = join(directory, 'two-states.asl.json');
  writeFileSync(file, JSON.stringify(machine));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function graph(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const output = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  return { status: await run(['graph', ...argv], output), out, err };
}

test('a definition is printed as a picture, its name the title', async () => {
  const { status, out } = await graph(file);
  expect(status).toBe(0);
  expect(out).toMatch(/^<svg .*\n<title>two-states<\/title>/u);
  expect(out).toContain('A &lt;b&gt;');
});

test('or as a Mermaid flowchart, or into a file', async () => {
  expect((await graph(file, '--format', 'mermaid')).out).toMatch(/^flowchart TD\n/u);
  const picture = join(directory, 'picture.svg');
  expect(await graph(file, '--out', picture)).toEqual({ status: 0, out: '', err: '' });
  expect(readFileSync(picture, 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/u);
});

test('a definition in YAML, or wrapped, is drawn too', async () => {
  const yaml = join(directory, 'a.asl.yaml');
  writeFileSync(yaml, 'StartAt: Begin\nStates:\n  Begin: {Type: Succeed}\n');
  expect((await graph(yaml)).out).toContain('Begin');
  const wrapped = join(directory, 'wrapped.json');
  writeFileSync(wrapped, JSON.stringify({ definition: JSON.stringify(machine) }));
  expect((await graph(wrapped)).out).toContain('A &lt;b&gt;');
});

test('what cannot be read or written is one line with its place', async () => {
  const broken = join(directory, 'broken.json');
  writeFileSync(broken, '{\n "a": }');
  const { status, err } = await graph(broken);
  expect(status).toBe(2);
  expect(err).toMatch(/^stepyard: .*broken\.json:2:\d+: .*\n$/u);
  expect((await graph(join(directory, 'none.json'))).err).toMatch(/none\.json cannot be read: .*\n$/u);
  const nowhere = await graph(file, '--out', join(directory, 'no', 'folder.svg'));
  expect(nowhere).toMatchObject({
    status: 2,
    err: expect.stringContaining('cannot be written: there is no such directory.') as string,
  });
});
