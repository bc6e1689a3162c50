import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../user-error.ts';
import { synthesise } from './synthesise.ts';

let app: string;
let out: string;
let shown: string;

beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'stepyard-app-'));
  out = join(app, 'out');
  shown = '';
});
afterEach(() => rmSync(app, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  writeFileSync(join(app, name), typeof content === 'string' ? content : JSON.stringify(content));
}

const run = (): Promise<void> =>
  synthesise({ appDir: app, outDir: out, onOutput: (text) => (shown += text) });

/** An app that writes what it was given where an assembly would be. */
const RECORDER = `
  import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
  const { CDK_OUTDIR, CDK_CONTEXT_JSON, CONTEXT_OVERFLOW_LOCATION_ENV, CDK_DEFAULT_REGION } = process.env;
  const context = CDK_CONTEXT_JSON ?? readFileSync(CONTEXT_OVERFLOW_LOCATION_ENV, 'utf8');
  mkdirSync(CDK_OUTDIR);
  writeFileSync(CDK_OUTDIR + '/manifest.json', JSON.stringify({
    args: process.argv.slice(2), cwd: process.cwd(), context: JSON.parse(context), region: CDK_DEFAULT_REGION,
    overflow: CDK_CONTEXT_JSON === undefined,
  }));
`;

const recorded = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Record<string, unknown>;

test('starts the app as the CDK CLI does: its directory, output directory and context', async () => {
  write('cdk.json', { app: 'node app.mjs "two words"', context: { stage: 'dev', own: 1 } });
  write('cdk.context.json', { 'vpc-lookup': 'cached', own: 2 });
  write('app.mjs', RECORDER);
  await run();
  expect(recorded()).toMatchObject({
    args: ['two words'],
    context: { stage: 'dev', own: 1, 'vpc-lookup': 'cached', 'aws:cdk:enable-asset-metadata': true },
    region: 'us-east-1',
    overflow: false,
  });
  expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toContain(app);
});

test('a context too large for a variable goes through a file', async () => {
  write('cdk.json', { app: 'app.mjs', context: { large: 'x'.repeat(200_000) } });
  write('app.mjs', RECORDER);
  await run();
  expect(recorded()).toMatchObject({ overflow: true, context: { large: 'x'.repeat(200_000) } });
});

test('an app that fails shows what it said, then one line', async () => {
  write('cdk.json', { app: 'node app.mjs' });
  write('app.mjs', 'console.error("Cannot find construct Foo"); process.exit(3);');
  const failure = run();
  await expect(failure).rejects.toThrow(UserError);
  await expect(failure).rejects.toThrow(/could not be synthesised: .* app\.mjs exited with 3\.$/u);
  expect(shown).toContain('Cannot find construct Foo');
});

test.each<[string, unknown, string]>([
  ['no cdk.json', undefined, 'has no cdk.json'],
  ['broken cdk.json', '{', 'cannot be read as JSON'],
  ['an array', '[]', 'is not a JSON object'],
  ['no app', {}, 'has no "app"'],
  ['an empty app', { app: ' ' }, 'is empty'],
  ['a shell command', { app: 'npm run build && node app.mjs' }, 'needs a shell because of a second command'],
  ['a missing command', { app: 'no-such-command-here' }, 'was not found'],
  ['an app that writes nothing', { app: 'node -e 0' }, 'wrote no assembly'],
])('%s is one clear line', async (_, cdkJson, message) => {
  if (cdkJson !== undefined) write('cdk.json', cdkJson);
  const failure = run();
  await expect(failure).rejects.toThrow(UserError);
  await expect(failure).rejects.toThrow(message);
});

test('a directory that does not exist is named', async () => {
  await expect(
    synthesise({ appDir: join(app, 'nowhere'), outDir: out, onOutput: () => undefined }),
  ).rejects.toThrow('nowhere');
});

test('giving up ends the app and what it started', async () => {
  write('cdk.json', { app: 'node app.mjs' });
  write(
    'app.mjs',
    `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    writeFileSync('pid', String(child.pid)); setInterval(() => {}, 1000);`,
  );
  const stop = new AbortController();
  const failure = synthesise({ appDir: app, outDir: out, onOutput: () => undefined, signal: stop.signal });
  await expect.poll(() => existsSync(join(app, 'pid')), { timeout: 10_000 }).toBe(true);
  stop.abort();
  await expect(failure).rejects.toThrow('was ended by SIGTERM');
  const grandchild = Number(readFileSync(join(app, 'pid'), 'utf8'));
  await expect.poll(() => isAlive(grandchild), { timeout: 5000 }).toBe(false);
});

/** A zombie that nobody has waited for yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
