import { expect, test } from 'vitest';
import { HELP, parseOptions, UsageError } from './options.ts';

test('without options: the sample records, everything on the usual port, and the yard stays up', () => {
  expect(parseOptions([])).toEqual({
    help: false,
    once: false,
    recordsFile: undefined,
    key: 'id',
    failJob: false,
    failTask: false,
    dataDir: undefined,
    port: 4566,
    host: '127.0.0.1',
    jobs: 'auto',
  });
});

test('every option', () => {
  const line =
    '--once --records my.csv --key sku --fail-job --fail-task --data d --port 0 --host ::1 --jobs process';
  expect(parseOptions(line.split(' '))).toEqual({
    help: false,
    once: true,
    recordsFile: 'my.csv',
    key: 'sku',
    failJob: true,
    failTask: true,
    dataDir: 'd',
    port: 0,
    host: '::1',
    jobs: 'process',
  });
});

test.each([
  [['--port', '65536'], '--port 65536 is no port: give a number from 0 (any) to 65535.'],
  [['--port', 'x'], '--port x is no port: give a number from 0 (any) to 65535.'],
  [['--port='], '--port  is no port: give a number from 0 (any) to 65535.'],
  [['--jobs', 'docker'], '--jobs docker is not one of auto, container, process.'],
  [['--records='], '--records is empty. See npm start -- --help.'],
  [['--key', 'sku'], '--key names a field of your own records: give --records FILE with it.'],
  [['--recrods', 'x'], "Unknown option '--recrods'. See npm start -- --help."],
  [
    ['records.json'],
    "Unexpected argument 'records.json'. This command does not take positional arguments. See npm start -- --help.",
  ],
  [['--once=yes'], "Option '--once' does not take an argument. See npm start -- --help."],
])('%j is refused', (argv, message) => {
  expect(() => parseOptions(argv)).toThrow(new UsageError(message));
});

test('the help names every option', () => {
  for (const option of Object.keys(parseOptions([])).map(optionName)) expect(HELP).toContain(option);
});

function optionName(field: string): string {
  const names: Readonly<Record<string, string>> = { recordsFile: '--records', dataDir: '--data' };
  return names[field] ?? `--${field.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}
