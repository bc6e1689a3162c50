import { expect, test } from 'vitest';
import { UserError } from '../user-error.ts';
import { parseCommand } from './arguments.ts';

test('start has defaults for everything', () => {
  expect(parseCommand(['start'])).toEqual({
    kind: 'start',
    app: undefined,
    assembly: undefined,
    port: 4566,
    host: '127.0.0.1',
    dataDir: '.stepyard',
    durability: 'full',
    retentionDays: 90,
    jobs: 'auto',
    jobBuildArgs: {},
    containerArgs: [],
    endpoints: {},
    mocksFile: undefined,
    virtualTime: false,
    console: true,
    once: false,
    verbose: false,
  });
});

test('start takes every flag', () => {
  const args =
    'start --app . --port=0 --host 0.0.0.0 --memory --no-console --jobs process --job-build-arg A=b=c --job-build-arg D= --container-arg=--network=host --endpoint dynamodb=http://127.0.0.1:8000 --endpoint events=https://e.example --mocks m.json --virtual-time --once --verbose';
  expect(parseCommand(args.split(' '))).toMatchObject({
    app: '.',
    port: 0,
    host: '0.0.0.0',
    dataDir: undefined,
    durability: 'full',
    retentionDays: 90,
    jobs: 'process',
    jobBuildArgs: { A: 'b=c', D: '' },
    containerArgs: ['--network=host'],
    endpoints: { dynamodb: 'http://127.0.0.1:8000', eventbridge: 'https://e.example' },
    verbose: true,
    mocksFile: 'm.json',
    virtualTime: true,
    console: false,
    once: true,
  });
});

test('virtual time may be advanced by hand', () => {
  expect(parseCommand(['start', '--manual-time'])).toMatchObject({ virtualTime: 'manual' });
});

test('check and graph take files; help and version win over the rest', () => {
  expect(parseCommand(['check', 'a', 'b', '--format', 'github'])).toEqual({
    kind: 'check',
    files: ['a', 'b'],
    format: 'github',
  });
  expect(parseCommand(['graph', 'a'])).toEqual({ kind: 'graph', file: 'a', format: 'svg', out: undefined });
  expect(parseCommand(['graph', 'a', '--format', 'mermaid', '--out', 'b'])).toMatchObject({
    format: 'mermaid',
    out: 'b',
  });
  expect(parseCommand([])).toEqual({ kind: 'help' });
  expect(parseCommand(['start', '--nonsense', '--help'])).toEqual({ kind: 'help', command: 'start' });
  expect(parseCommand(['help', 'run'])).toEqual({ kind: 'help', command: 'run' });
  expect(() => parseCommand(['help', 'chekc'])).toThrow("There is no command 'chekc'");
  expect(parseCommand(['--version'])).toEqual({ kind: 'version' });
});

test('run takes a file and every flag', () => {
  const given =
    'run a.json --input @i.json --set A=b=c --mocks m.json --test-case T --virtual-time --express --history --json';
  expect(parseCommand(['run', 'a.json'])).toEqual({
    kind: 'run',
    file: 'a.json',
    input: '{}',
    substitutions: {},
    mocksFile: undefined,
    testCase: undefined,
    virtualTime: false,
    express: false,
    history: false,
    json: false,
  });
  expect(parseCommand(given.split(' '))).toEqual({
    kind: 'run',
    file: 'a.json',
    input: '@i.json',
    substitutions: { A: 'b=c' },
    mocksFile: 'm.json',
    testCase: 'T',
    virtualTime: true,
    express: true,
    history: true,
    json: true,
  });
});

test.each([
  [['fly'], "no command 'fly'"],
  [['run'], 'needs one file'],
  [['run', 'a', 'b'], 'needs one file'],
  [['run', 'a', '--set', 'x'], 'NAME=VALUE'],
  [['run', 'a', '--test-case', 'x'], '--mocks FILE'],
  [['start', '--prot', '1'], "Unknown option '--prot'"],
  [['start', '--virtual-time', '--manual-time'], 'exclude each other'],
  [['start', 'here'], "Unexpected argument 'here'"],
  [['start', '--port'], '--port'],
  [['start', '--port', '65536'], '--port 65536'],
  [['start', '--port', '-1'], '--port'],
  [['start', '--port', '0x10'], '--port 0x10'],
  [['start', '--jobs', 'magic'], 'auto, container, process'],
  [['start', '--app', 'a', '--assembly', 'b'], 'exclude each other'],
  [['start', '--memory', '--data', 'd'], 'exclude each other'],
  [['start', '--job-build-arg', 'x'], 'NAME=VALUE'],
  [['start', '--endpoint', 'dynamodb'], 'SERVICE=URL'],
  [['start', '--endpoint', 'dynamodb=ftp://x'], 'SERVICE=URL'],
  [['start', '--endpoint', 'states=http://x'], 'the yard itself'],
  [['check'], 'at least one file'],
  [['check', 'f', '--format', 'xml'], 'text, json, github'],
  [['graph', 'a', 'b'], 'one file'],
  [['graph', 'a', '--format', 'png'], 'svg, mermaid'],
])('refuses %j in one line', (argv, message) => {
  const act = (): unknown => parseCommand(argv);
  expect(act).toThrow(UserError);
  expect(act).toThrow(message);
  expect(act).toThrow(/^[^\n]*$/u);
});
