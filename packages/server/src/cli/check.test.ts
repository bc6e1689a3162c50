import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

test('the line, a caret under the place, and what to do', async () => {
  const { out } = await stepyard('check', bad);
  expect(out).toContain(
    [
      '  3 |   "States": { "A": { "Type": "Pass", "Next": "Gone%" }, "B": { "Type": "Succeed" } }',
      '    |                                              ^^^^^^^',
      '  = Name a state of the same States object',
    ].join('\n'),
  );
  expect(out).toMatch(/\n2 errors, 0 warnings in 1 file\n$/u);
});

test('findings stand in the order of the file', async () => {
  const { out } = await stepyard('check', bad, '--format', 'json');
  const [result]: { diagnostics: { range: { start: { offset: number } } }[] }[] = JSON.parse(out);
  const offsets = (result?.diagnostics ?? []).map(({ range }) => range.start.offset);
  expect(offsets.length).toBe(2);
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
});

const machine = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}}';
const deferred = machine.replace('Gone', '${To}');
const wrapped: [string, string, string][] = [
  ['y.asl.yaml', 'StartAt: A\nStates:\n  A: {Type: Pass, Next: Gone}\n', 'Gone'],
  ['object.json', `{"definition": ${machine}}`, '"Gone"'],
  ['string.json', JSON.stringify({ definition: machine }), String.raw`\"Gone\"`],
  ['text.json', JSON.stringify({ text: machine }), String.raw`\"Gone\"`],
  [
    'stack.template.json',
    JSON.stringify({
      Resources: {
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: {
            DefinitionString: { 'Fn::Join': ['', [deferred.slice(0, 30), deferred.slice(30)]] },
            DefinitionSubstitutions: { To: 'Gone' },
          },
        },
      },
    }),
    String.raw`To}\"`,
  ],
];
test.each(wrapped)('%s is understood', async (name, text, token) => {
  const file = join(directory, name);
  writeFileSync(file, text);
  const { status, out } = await stepyard('check', file, '--format', 'json');
  expect(status).toBe(1);
  const [result]: { diagnostics: { code: string; range: { start: { offset: number } } }[] }[] =
    JSON.parse(out);
  const found = result?.diagnostics.find(({ code }) => code === 'ASL301');
  const at = found?.range.start.offset ?? 0;
  expect(text.slice(at, at + token.length + 8)).toContain(token);
});

test('directories are searched; files without a machine are passed over there', async () => {
  const folder = join(directory, 'tree');
  mkdirSync(join(folder, 'deep', 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name": "x"}');
  writeFileSync(join(folder, 'broken.json'), '{');
  writeFileSync(join(folder, 'deep', 'b.asl.json'), machine);
  writeFileSync(join(folder, 'deep', 'node_modules', 'c.asl.json'), machine);
  const { status, out } = await stepyard('check', folder, '--format', 'json');
  expect(status).toBe(1);
  expect(JSON.parse(out)).toMatchObject([{ file: join(folder, 'deep', 'b.asl.json') }]);
});

test('a named file that is broken, or no definition at all, is told so', async () => {
  const file = join(directory, 'other.json');
  writeFileSync(file, '{"name": ');
  expect(await stepyard('check', file)).toMatchObject({
    status: 1,
    out: expect.stringContaining('ASL101') as string,
  });
  writeFileSync(file, '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}');
  expect(await stepyard('check', file)).toMatchObject({
    status: 0,
    out: `${file}: no state machine in it\n`,
  });
});

test('what a file says moves no cursor', async () => {
  const file = join(directory, 'hostile.asl.json');
  writeFileSync(file, '{"StartAt": "\u001b[2J\u202e", "States": {"A\u001b]0;x\u0007": {"Type": "Succeed"}}}');
  const { out } = await stepyard('check', file);
  expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
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
  expect(out).toMatch(
    /^::error file=.*bad\.asl\.json,line=3,endLine=3,col=\d+,endColumn=\d+,title=ASL301::.*Gone%25/mu,
  );
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
