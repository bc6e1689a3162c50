import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './run.ts';

let directory: string;
let good: string;
let bad: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-check-'));
  good = join(directory, 'good.asl.json');
  bad = join(directory, 'bad.asl.json');
  writeFileSync(good, JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } }));
  writeFileSync(
    bad,
    '{\n  "StartAt": "A",\n  "States": { "A": { "Type": "Pass", "Next": "Gone%" }, "B": { "Type": "Succeed" } }\n}',
  );
});
afterAll(() => rmSync(directory, { recursive: true }));

async function stepyard(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const status = await run(argv, { out: (text) => (out += text), err: (text) => (err += text) });
  return { status, out, err };
}

test('a good file passes', async () => {
  expect(await stepyard('check', good)).toEqual({ status: 0, out: `${good}: no findings\n`, err: '' });
});

test('an error fails, with file, line, column, code and pointer', async () => {
  const { status, out } = await stepyard('check', good, bad);
  expect(status).toBe(1);
  expect(out).toMatch(/bad\.asl\.json:3:\d+: error ASL301: .*Gone.* \(\/States\/A\/Next\)\n/u);
});

test('as JSON', async () => {
  const { status, out } = await stepyard('check', bad, '--format', 'json');
  expect(status).toBe(1);
  expect(JSON.parse(out)).toMatchObject([
    {
      file: bad,
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: 'ASL301', pointer: '/States/A/Next' }),
      ]) as unknown,
    },
  ]);
});

test('as GitHub annotations, escaped', async () => {
  const { out } = await stepyard('check', bad, '--format', 'github');
  expect(out).toMatch(/^::error file=.*bad\.asl\.json,line=3,col=\d+,title=ASL301::.*Gone%25/u);
});

test('a file that is not there is one line and status 2', async () => {
  const { status, err } = await stepyard('check', join(directory, 'none.json'));
  expect(status).toBe(2);
  expect(err).toBe(`stepyard: ${join(directory, 'none.json')} cannot be read: there is no such file.\n`);
});

test('the version and the help are printed', async () => {
  expect(await stepyard('--version')).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/u) as string,
  });
  expect((await stepyard('--help')).out).toContain('stepyard start');
});

test('a graph is printed as a Mermaid flowchart; a broken text is one line with its place', async () => {
  const { status, out } = await stepyard('graph', bad);
  expect(status).toBe(0);
  expect(out).toMatch(/^(?:flowchart|stateDiagram)/u);
  writeFileSync(join(directory, 'broken.json'), '{\n "a": }');
  const broken = await stepyard('graph', join(directory, 'broken.json'));
  expect(broken.status).toBe(2);
  expect(broken.err).toMatch(/^stepyard: .*broken\.json:2:\d+: .*\n$/u);
});
