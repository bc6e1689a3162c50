import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { chooseRunner } from './choose-runner.ts';
import { findContainerEngine } from './container-engine.ts';
import type { ContainerJob } from './runner.ts';
import { NODE_DOCKERFILE, TestImages } from './test-images.ts';

const images = new TestImages();
const NODE = images.add('node', NODE_DOCKERFILE);
afterAll(() => images.remove());
const environment = (host: string): Record<string, string> => ({ AWS_ENDPOINT_URL: `http://${host}:1` });

/** An executable of these statements, in the place of an engine. */
function script(name: string, statements: string): string {
  const path = join(images.directory, name);
  writeFileSync(path, `#!${process.execPath}\n${statements}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A program that answers `version` as an engine would, and can do nothing else. */
function engine(name: string, answer: string): string {
  return script(
    name,
    `if (process.argv[2] !== "version") { console.error("no registry"); process.exit(1); }\nconsole.log(${JSON.stringify(answer)});`,
  );
}

const JOB: ContainerJob = {
  name: 'job',
  image: NODE,
  entryPoint: undefined,
  command: ['console.log(process.env.AWS_ENDPOINT_URL)'],
  environment: {},
  workingDirectory: undefined,
  user: undefined,
  memoryMb: undefined,
  readonlyRootFilesystem: false,
  writablePaths: [],
  stopTimeoutMs: 1_000,
};

describe('findContainerEngine', () => {
  test('takes the first that answers; a docker client without its daemon does not', async () => {
    const client = engine('client', '{"Client":{"Version":"28","ApiVersion":"1.50"},"Server":null}');
    const docker = engine('docker', '{"Client":{"ApiVersion":"1.5"},"Server":{"Version":"28.1"}}');
    const podman = engine('podman', '{"Client":{"APIVersion":"4.3.1","Version":"4.3.1"}}');
    const found = await findContainerEngine({ candidates: [client, docker, podman], globalArgs: [] });
    expect(found.engine).toMatchObject({ file: docker, name: 'docker', version: '28.1' });
    const other = await findContainerEngine({ candidates: ['stepyard-no-such-engine', podman] });
    expect(other.engine).toMatchObject({ name: 'podman', version: '4.3.1' });
  });

  test('says why there is none', async () => {
    const found = await findContainerEngine({ candidates: ['stepyard-no-such-engine'] });
    expect(found.reason).toMatch(/^stepyard-no-such-engine does not answer: .*ENOENT/u);
  });
});

describe('chooseRunner', () => {
  const base = { images: images.images, environment };

  test('process: processes, whatever else there is', async () => {
    const runner = await chooseRunner({ ...base, mode: 'process' });
    expect(runner.describe()).toBe('jobs run as process groups on this machine (--jobs process)');
  });

  test('container: an error in one line when no engine answers', async () => {
    await expect(
      chooseRunner({ ...base, mode: 'container', engines: ['stepyard-no-such-engine'] }),
    ).rejects.toThrow(/^--jobs container: stepyard-no-such-engine does not answer/u);
  });

  test('auto: processes when no engine answers, and says so', async () => {
    const runner = await chooseRunner({ ...base, mode: 'auto', engines: ['stepyard-no-such-engine'] });
    expect(runner.describe()).toMatch(/^jobs run as process groups .*no container engine: stepyard-no-such/u);
  });

  test('auto: a process for an image that the engine cannot build, and says so', async () => {
    const podman = engine('weak', '{"Client":{"APIVersion":"4.3.1","Version":"4.3.1"}}');
    const notes: string[] = [];
    const runner = await chooseRunner({
      ...base,
      mode: 'auto',
      engines: [podman],
      onNote: (note) => notes.push(note),
    });
    const output: string[] = [];
    const run = runner.start(JOB, (chunk) => output.push(chunk.toString()));
    expect(await run.ended).toEqual({ kind: 'exited', exitCode: 0, outOfMemory: false });
    expect(output.join('')).toBe('http://127.0.0.1:1\n');
    expect(notes).toEqual([expect.stringMatching(/^node runs as a process group: .*no registry/u)]);
    expect(runner.describe()).toContain('node runs as a process group');
    // An image that is no asset is the engine's to get; nothing else runs it.
    const other = runner.start({ ...JOB, image: 'busybox' }, () => undefined);
    expect(await other.ended).toMatchObject({ kind: 'notStarted' });
    await runner.close();
  });

  test('auto: a process for an image whose container the engine cannot start, and no second try', async () => {
    const calls = join(images.directory, 'calls');
    const podman = script(
      'unable',
      `const [command] = process.argv.slice(2);
       require("node:fs").appendFileSync(${JSON.stringify(calls)}, command + "\\n");
       if (command === "version") console.log('{"Client":{"APIVersion":"4.3.1","Version":"4.3.1"}}');
       if (command === "inspect") console.log('[{"State":{"StartedAt":"0001-01-01T00:00:00Z","ExitCode":0}}]');
       if (command === "start") { console.error("error setting rlimit type 7"); process.exit(125); }`,
    );
    const notes: string[] = [];
    const runner = await chooseRunner({
      ...base,
      mode: 'auto',
      engines: [podman],
      onNote: (note) => notes.push(note),
    });
    const run = runner.start(JOB, () => undefined);
    expect(await run.ended).toEqual({ kind: 'exited', exitCode: 0, outOfMemory: false });
    expect(await run.started).toBe(true);
    const again = runner.start({ ...JOB, name: 'again' }, () => undefined);
    expect(await again.ended).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect(notes).toEqual([
      'node runs as a process group: CannotStartContainerError: error setting rlimit type 7',
    ]);
    expect(readFileSync(calls, 'utf8').match(/start/gu)).toHaveLength(1);
    await runner.close();
  });
});
