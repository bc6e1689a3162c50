/** The command as users run it: a process of its own. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.mjs', import.meta.url));

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-start-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Running {
  /** All that it has written so far. */
  readonly text: () => { readonly out: string; readonly err: string };
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

function stepyard(...args: string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: directory });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { text: () => ({ out, err }), ended, kill: (signal) => void child.kill(signal) };
}

async function originOf(yard: Running): Promise<string> {
  await expect.poll(() => yard.text().out, { timeout: 20_000 }).toMatch(/ready at http:\S+\n/u);
  return /ready at (\S+)\n/u.exec(yard.text().out)?.[1] ?? '';
}

test('starts empty, tells how to use and how to stop it, and closes cleanly', async () => {
  const elsewhere = ['--endpoint', 'dynamo=http://127.0.0.1:1'];
  const yard = stepyard('start', '--port', '0', '--jobs', 'process', '--no-console', ...elsewhere);
  const health = await fetch(`${await originOf(yard)}/_stepyard/health`);
  expect(await health.json()).toMatchObject({ status: 'ok' });
  expect(yard.text().out).toContain('AWS_ENDPOINT_URL=http://127.0.0.1:');
  expect(yard.text().out).toContain(' AWS_DISABLE_HOST_PREFIX_INJECTION=true\n');
  expect(yard.text().out).toContain('\nElsewhere:\n  dynamo  http://127.0.0.1:1\n');
  expect(yard.text().out).toContain('To stop: Ctrl-C');
  expect(yard.text().out).toMatch(/Jobs: .*process/u);
  expect(existsSync(join(directory, '.stepyard', 'lock.sqlite'))).toBe(true);
  yard.kill('SIGTERM');
  expect(await yard.ended).toBe(0);
  expect(yard.text().err).toBe('SIGTERM: closing; once more to stop at once.\n');
});

test('a second yard on the same data is refused in one line', async () => {
  const first = stepyard('start', '--port', '0', '--jobs', 'process', '--data', 'data');
  await originOf(first);
  const second = stepyard('start', '--port', '0', '--data', 'data');
  expect(await second.ended).toBe(2);
  expect(second.text().err).toMatch(
    /^stepyard: The data directory \S+ is in use by another yard \(process \d+\): [^\n]*\n$/u,
  );
  first.kill('SIGINT');
  expect(await first.ended).toBe(0);
});

test('a taken port is one line', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const yard = stepyard('start', '--memory', '--port', String(port));
  expect(await yard.ended).toBe(2);
  expect(yard.text()).toEqual({
    out: '',
    err: `stepyard: Port ${port} on 127.0.0.1 is taken: stop what uses it, or choose another with --port (0 takes any free one).\n`,
  });
  server.close();
});

test.each<[string, readonly string[], RegExp]>([
  ['no such app', ['--app', 'nowhere'], /There is no directory .*nowhere: give --app/u],
  [
    'no such assembly',
    ['--assembly', 'nowhere'],
    /The assembly nowhere cannot be deployed: .*manifest\.json/u,
  ],
  ['no such mocks file', ['--mocks', 'none.json'], /The mocks file none\.json cannot be read/u],
  ['no such address', ['--host', '192.0.2.1'], /192\.0\.2\.1 is no address of this machine/u],
  ['a bad flag', ['--nope'], /Unknown option '--nope'/u],
  [
    'an assembly that is no JSON',
    ['--assembly', 'broken'],
    /The assembly broken cannot be deployed: .*manifest\.json/u,
  ],
])('%s is one line and status 2', async (_, args, message) => {
  mkdirSync(join(directory, 'broken'));
  writeFileSync(join(directory, 'broken', 'manifest.json'), '{"version":');
  const yard = stepyard('start', '--memory', '--port', '0', '--jobs', 'process', ...args);
  expect(await yard.ended).toBe(2);
  expect(yard.text().out).toBe('');
  expect(yard.text().err).toMatch(/^stepyard: [^\n]*\n$/u);
  expect(yard.text().err).toMatch(message);
});

test('a data directory that cannot be written to is one line and status 2', async () => {
  writeFileSync(join(directory, 'file'), '');
  for (const data of [join('file', 'data'), 'file', '/proc/none']) {
    const yard = stepyard('start', '--port', '0', '--jobs', 'process', '--data', data);
    expect(await yard.ended).toBe(2);
    expect(yard.text().err).toMatch(
      /^stepyard: The data directory \S+ cannot be (?:created|used) \([^\n]*\): choose another with --data\.\n$/u,
    );
  }
});

test('help and the version are printed, whatever the spelling', async () => {
  for (const spelling of ['help', '--help', '-h']) {
    const help = stepyard(spelling);
    expect(await help.ended).toBe(0);
    expect(help.text().out).toMatch(/^Stepyard runs [\s\S]*stepyard run FILE/u);
  }
  for (const command of ['start', 'run', 'check', 'graph', 'prune']) {
    const help = stepyard(command, '--help');
    expect(await help.ended).toBe(0);
    expect(help.text().out).toMatch(new RegExp(`^ {2}stepyard ${command} `, 'u'));
    expect(help.text().out.match(/^ {2}stepyard /gmu)).toHaveLength(1);
  }
  for (const spelling of ['version', '--version', '-v']) {
    const version = stepyard(spelling);
    expect(await version.ended).toBe(0);
    expect(version.text().out).toMatch(/^\d+\.\d+\.\d+\n$/u);
  }
});

const DEFINITION = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });

/** An app without a CDK: it writes an assembly with one machine and one thing that nobody hosts. */
const APP = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  const { CDK_OUTDIR } = process.env;
  mkdirSync(CDK_OUTDIR, { recursive: true });
  const put = (name, value) => writeFileSync(CDK_OUTDIR + '/' + name, JSON.stringify(value));
  put('manifest.json', { version: '48.0.0', artifacts: { Small: { type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/unknown-region', properties: { templateFile: 'Small.template.json' } } } });
  put('Small.template.json', { Resources: {
    Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'small',
      RoleArn: 'arn:aws:iam::000000000000:role/x', DefinitionString: ${JSON.stringify(DEFINITION)} } },
    Odd: { Type: 'AWS::Nimble::Studio', Properties: {} } } });
`;

test('--app synthesises, deploys, and says what is there and what is not; --once ends then', async () => {
  writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ app: 'node app.mjs' }));
  writeFileSync(join(directory, 'app.mjs'), APP);
  const yard = stepyard(
    'start',
    '--app',
    '.',
    '--port',
    '0',
    '--data',
    'data',
    '--jobs',
    'process',
    '--once',
  );
  expect(await yard.ended).toBe(0);
  const { out, err } = yard.text();
  expect(err).toBe('');
  expect(out).toContain('  small (STANDARD)  arn:aws:states:us-east-1:000000000000:stateMachine:small\n');
  expect(out).toMatch(/Not hosted here, left out:\n {2}AWS::Nimble::Studio {2}\S+ \(Small\)\n/u);
  expect(readdirSync(join(directory, 'data'))).not.toContain('assembly');
});

test('an app that fails shows what it said and ends with one line', async () => {
  writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ app: 'node app.mjs' }));
  writeFileSync(join(directory, 'app.mjs'), 'console.error("no construct today"); process.exit(1);');
  const yard = stepyard('start', '--app', '.', '--port', '0', '--memory', '--jobs', 'process');
  expect(await yard.ended).toBe(2);
  expect(yard.text().err).toMatch(
    /^no construct today\nstepyard: The CDK app in \S+ could not be synthesised: [^\n]* exited with 1\.\n$/u,
  );
});

test.each([
  ['no journal', 'this is some other file, and it is long enough to be looked at'.repeat(20)],
  ['the journal of a newer version', undefined],
])('%s in the data directory is refused in one line', async (_name, content) => {
  const path = join(directory, 'data', 'journal.sqlite');
  mkdirSync(join(directory, 'data'));
  if (content === undefined) {
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 1000');
    database.close();
  } else writeFileSync(path, content);
  const yard = stepyard('start', '--port', '0', '--jobs', 'process', '--data', 'data');
  expect(await yard.ended).toBe(2);
  expect(yard.text().err).toMatch(/^stepyard: [^\n]*journal\.sqlite [^\n]*\n$/u);
});
