/** The packages as a stranger gets them: packed, installed in an empty folder, used from there. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { build, PACKAGES } from '../../packages/build.ts';
import { importsOf } from '../tidy/source-tree.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** What npm says where no registry can be reached; anything else that goes wrong is a failure. */
const UNREACHABLE = /EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/u;

const folder = mkdtempSync(join(tmpdir(), 'stepyard-package-'));
const dist = join(folder, 'dist');
const home = join(folder, 'home');
// A shell script, npm's own `npx`, and `#!/usr/bin/env node` all have to find the Node that runs this test.
const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
};

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function ran(program: string, ...args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: home, env, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

const stepyard = (...args: readonly string[]): Ran => ran('npx', '--no-install', 'stepyard', ...args);

let tarballs: readonly string[] = [];
beforeAll(async () => {
  tarballs = await build(dist);
  mkdirSync(home);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(PACKAGES)('the tarball of %s', (name) => {
  const listed = (): string[] =>
    execFileSync('tar', ['tzf', join(dist, `stepyard-${name}-0.1.0.tgz`)], { encoding: 'utf8' })
      .split('\n')
      .filter((path) => path !== '');

  test('holds what was built, and no source, test or fixture', () => {
    const files = listed();
    expect(files).toEqual(
      expect.arrayContaining(['package.json', 'README.md', 'LICENSE'].map((file) => `package/${file}`)),
    );
    expect(
      files.filter((file) => /(?<!\.d)\.[cm]?tsx?$|\.test\.|\.fixture\.|\/src\/|generate/u.test(file)),
    ).toEqual([]);
    expect(files.some((file) => file.endsWith('.d.ts'))).toBe(true);
    expect(files.includes('package/dist/index.html')).toBe(name === 'console');
  });

  test('holds no module that none of its others names', () => {
    const lib = join(dist, name, 'lib');
    const texts = globSync('**/*.{js,mjs}', { cwd: lib }).map((file) =>
      readFileSync(join(lib, file), 'utf8'),
    );
    const dead = globSync('**/*.js', { cwd: lib })
      // The console has no program but its pages; modules of types are empty ones.
      .filter((file) => file !== 'index.js' && name !== 'console')
      .filter(
        (file) =>
          !/^\s*(?:\/\*[\s\S]*?\*\/\s*)*export \{\};\s*$/u.test(readFileSync(join(lib, file), 'utf8')),
      )
      .filter((file) => !texts.some((text) => text.includes(`/${basename(file, '.js')}.`)));
    expect(dead).toEqual([]);
  });

  test('declares every package that it imports, and no other', () => {
    const root = join(dist, name);
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    const imported = new Set(
      globSync('lib/**/*.js', { cwd: root })
        .map((file) => readFileSync(join(root, file), 'utf8'))
        .flatMap((text) => [...importsOf(text), ...requiredIn(text)])
        .filter((specifier) => !specifier.startsWith('.'))
        .map(packageOf),
    );
    const outside = [...imported].filter(
      (item) => !item.startsWith('node:') && !builtinModules.includes(item),
    );
    expect(outside.filter((item) => !Object.hasOwn(dependencies, item))).toEqual([]);
    // The console's pages and the types of its queries are no imports of a running program.
    const unused = Object.keys(dependencies).filter(
      (item) => !imported.has(item) && item !== '@stepyard/console',
    );
    expect(unused).toEqual([]);
  });
});

function requiredIn(text: string): readonly string[] {
  return [...text.matchAll(/\brequire\(['"]([^'"]+)['"]\)/gu)].map((match) => match[1] ?? '');
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

describe('installed in an empty folder', () => {
  let unreachable: string | undefined;
  beforeAll(() => {
    writeFileSync(
      join(home, 'package.json'),
      JSON.stringify({ name: 'stranger', version: '1.0.0', private: true, type: 'module' }),
    );
    writeFileSync(join(home, 'hello.asl.json'), JSON.stringify(HELLO));
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    const { status, err } = ran('npm', 'install', ...options, ...tarballs);
    if (status !== 0 && !UNREACHABLE.test(err)) throw new Error(`npm install failed: ${err}`);
    if (status !== 0) unreachable = err.slice(0, 200);
  }, 300_000);

  beforeEach(({ skip }) => {
    skip(unreachable !== undefined, `the dependencies cannot be installed here: ${unreachable ?? ''}`);
  });

  test('stepyard says its version and its help', () => {
    expect(stepyard('--version')).toMatchObject({ status: 0, out: '0.1.0\n' });
    expect(stepyard('help').out).toContain('stepyard start');
  });

  test('stepyard check tells right from wrong', () => {
    expect(stepyard('check', 'hello.asl.json')).toMatchObject({ status: 0 });
    writeFileSync(join(home, 'wrong.asl.json'), '{"StartAt":"A","States":{}}');
    expect(stepyard('check', 'wrong.asl.json')).toMatchObject({ status: 1 });
  });

  test('stepyard run runs a definition', () => {
    const { status, out } = stepyard('run', 'hello.asl.json', '--input', '{"name":"you"}');
    expect({ status, out }).toEqual({
      status: 0,
      out: expect.stringMatching(
        /^path {4}Greet\nstatus {2}SUCCEEDED .*\noutput {2}"Hello, you"\n$/u,
      ) as string,
    });
  });

  test('stepyard start serves the Step Functions API', async () => {
    const child = spawn(
      process.execPath,
      ['node_modules/@stepyard/server/lib/cli/main.mjs', 'start', '--port', '0'],
      { cwd: home, env },
    );
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      await expect.poll(() => text, { timeout: 60_000 }).toContain('To stop: Ctrl-C');
      const origin = /ready at (\S+)/u.exec(text)?.[1] ?? '';
      const arn = await call(origin, 'CreateStateMachine', {
        name: 'hello',
        definition: JSON.stringify(HELLO),
        roleArn: 'arn:aws:iam::000000000000:role/r',
      });
      const { executionArn } = await call(origin, 'StartExecution', {
        stateMachineArn: arn['stateMachineArn'],
        input: '{"name":"you"}',
      });
      await expect
        .poll(() => call(origin, 'DescribeExecution', { executionArn }))
        .toMatchObject({ status: 'SUCCEEDED', output: '"Hello, you"' });
    } finally {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
  });

  test('stepyard start runs the functions and the jobs of an app, and keeps its tables', () => {
    writeFileSync(join(home, 'cdk.json'), JSON.stringify({ app: 'node app.mjs' }));
    writeFileSync(join(home, 'app.mjs'), APP);
    writeFileSync(join(home, 'use.mjs'), USE_APP);
    expect(ran(process.execPath, 'use.mjs')).toEqual({ status: 0, out: 'SUCCEEDED {"n":2}\n', err: '' });
  });

  test('a test with @stepyard/testing runs, and its types are there', () => {
    writeFileSync(join(home, 'tiny.test.ts'), TINY_TEST);
    expect(ran(process.execPath, '--test', 'tiny.test.ts')).toMatchObject({ status: 0 });
    expect(typeErrors('tiny.test.ts', ['node'])).toBe('');
  });

  test('the declarations stand on their own; only those of the servers need @types/node', () => {
    writeFileSync(join(home, 'plain.ts'), `${importAll('asl')}${importAll('engine')}${importAll('testing')}`);
    expect(typeErrors('plain.ts', [])).toBe('');
    writeFileSync(
      join(home, 'servers.ts'),
      `${importAll('services')}${importAll('server')}${importAll('console')}`,
    );
    expect(typeErrors('servers.ts', ['node'])).toBe('');
  });

  test('the types catch a mistake', () => {
    writeFileSync(
      join(home, 'mistake.ts'),
      `import { runMachine } from '@stepyard/testing';\nvoid runMachine({ mocks: 1 });\n`,
    );
    expect(typeErrors('mistake.ts', ['node'])).toContain('mistake.ts(2,');
  });

  test.each(['asl', 'engine', 'testing'])('the example in the README of %s runs', (name) => {
    const readme = readFileSync(join(dist, name, 'README.md'), 'utf8');
    const [, example = ''] = /```js\n([\s\S]*?)```/u.exec(readme) ?? [];
    writeFileSync(join(home, `${name}-example.mjs`), example);
    expect(ran(process.execPath, `${name}-example.mjs`)).toMatchObject({ status: 0, err: '' });
  });
});

const HELLO = {
  QueryLanguage: 'JSONata',
  StartAt: 'Greet',
  States: { Greet: { Type: 'Pass', Output: "{% 'Hello, ' & $states.input.name %}", End: true } },
};

/** An app without a CDK: it writes an assembly with a function, a table and a machine that uses both. */
const APP = `
import { mkdirSync, writeFileSync } from 'node:fs';
const { CDK_OUTDIR } = process.env;
mkdirSync(CDK_OUTDIR + '/asset.f', { recursive: true });
writeFileSync(CDK_OUTDIR + '/asset.f/index.mjs', 'export const handler = (event) => Promise.resolve({ n: event.n + 1 });');
const put = (name, value) => writeFileSync(CDK_OUTDIR + '/' + name, JSON.stringify(value));
const stack = { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region' };
put('manifest.json', { version: '48.0.0', artifacts: {
  Assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
  App: { ...stack, dependencies: ['Assets'], properties: { templateFile: 'template.json' } } } });
put('assets.json', { version: '48.0.0', files: { f: { source: { path: 'asset.f', packaging: 'zip' },
  destinations: { here: { bucketName: 'assets', objectKey: 'f.zip' } } } } });
put('template.json', { Resources: {
  Adder: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'adder', Runtime: 'nodejs24.x',
    Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/x', Code: { S3Bucket: 'assets', S3Key: 'f.zip' } } },
  Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'sums', BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] } },
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'adds',
    RoleArn: 'arn:aws:iam::000000000000:role/x', DefinitionString: JSON.stringify({ StartAt: 'Add', States: {
      Add: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:adder', Next: 'Keep' },
      Keep: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', ResultPath: null, End: true,
        Parameters: { TableName: 'sums', Item: { id: { S: 'a' }, 'n': { 'N.$': 'States.JsonToString($.n)' } } } } } }) } } } });
`;

const USE_APP = `
import { startYard } from '@stepyard/server';

const yard = await startYard({ port: 0, appDir: '.', jobs: 'process' });
const call = async (operation, body) => {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AWSStepFunctions.' + operation };
  return await (await fetch(yard.origin, { method: 'POST', headers, body: JSON.stringify(body) })).json();
};
const [{ arn }] = yard.deployment.machines;
const { executionArn } = await call('StartExecution', { stateMachineArn: arn, input: '{"n":1}' });
let described;
do described = await call('DescribeExecution', { executionArn });
while (described.status === 'RUNNING');
console.log(described.status, described.output ?? described.cause);
await yard.close();
`;

const TINY_TEST = `
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverage, pathOf, runMachine, type MachineRun } from '@stepyard/testing';

const definition = { StartAt: 'Call', States: { Call: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', End: true } } };

test('calls', async () => {
  const run: MachineRun = await runMachine({ definition, input: {}, mocks: { Call: [{ return: { n: 2 } }] } });
  assert.deepEqual(run.output, { n: 2 });
  assert.deepEqual(pathOf(run.history), ['Call']);
  assert.deepEqual(coverage(definition, [run]).states.missing, []);
});
`;

function importAll(name: string): string {
  return `import * as ${name} from '@stepyard/${name}';\nexport type ${name.toUpperCase()} = typeof ${name};\n`;
}

/** What the compiler finds wrong in a file of the stranger's, libraries included. */
function typeErrors(file: string, types: readonly string[]): string {
  const require = createRequire(import.meta.url);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'es2024',
    lib: ['es2024', 'esnext', 'dom'],
    module: 'nodenext',
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    types,
    typeRoots: [join(REPOSITORY, 'node_modules', '@types')],
  };
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  return ran(
    process.execPath,
    join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc'),
    '-p',
    '.',
  ).out;
}

async function call(
  origin: string,
  operation: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const answer = await fetch(origin, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${operation}`,
    },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, unknown>;
}
