/**
 * Makes a base image FROM scratch that holds this machine's Node and the libraries it needs, for machines that can reach no
 * registry: `node test/container/make-base-image.ts [TAG]`. Prints the tag. Needs Linux, `ldd`, and docker or podman.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findContainerEngine, runEngine, type ContainerEngine } from '@stepyard/services';

/** What the job image's `BASE_IMAGE` is set to when it is built on this base. */
export const BASE_IMAGE_TAG = 'localhost/stepyard-node-base:24';

const BUILD_TIMEOUT_MS = 300_000;

const DOCKERFILE = `FROM scratch
COPY root/ /
ENV PATH=/usr/local/bin
`;

/** Builds the image; rejects with what the engine said. Quick when nothing changed. */
export async function makeBaseImage(engine: ContainerEngine, tag: string = BASE_IMAGE_TAG): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), 'stepyard-base-'));
  try {
    const root = join(context, 'root');
    copyInto(root, realpathSync(process.execPath), '/usr/local/bin/node');
    for (const library of librariesOf(process.execPath)) copyInto(root, library, library);
    // The job image runs as the user `node` of the official image.
    for (const directory of ['tmp', 'etc']) mkdirSync(join(root, directory), { recursive: true });
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:\nnode:x:1000:1000::/:\n');
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
    const result = await runEngine(engine, ['build', '--tag', tag, context], BUILD_TIMEOUT_MS);
    if (result.exitCode !== 0) throw new Error(`${engine.file} build: ${result.stderr}`);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** The shared libraries of a program, as `ldd` names them, its loader among them. */
function librariesOf(program: string): readonly string[] {
  const output = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...output.matchAll(/(\/\S+) \(0x/gu)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

function copyInto(root: string, from: string, path: string): void {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(realpathSync(from), target);
}

if (import.meta.main) {
  const found = await findContainerEngine();
  if (found.engine === undefined) {
    process.stderr.write(`no container engine: ${found.reason}\n`);
    process.exitCode = 1;
  } else {
    const tag = process.argv[2] ?? BASE_IMAGE_TAG;
    await makeBaseImage(found.engine, tag);
    process.stdout.write(`${tag}\n`);
  }
}
