import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ImageRegistry } from './image-registry.ts';
import { ProcessRunner } from './process-runner.ts';

/** For tests: build contexts in a temporary directory, registered as images. */
export class TestImages {
  readonly images = new ImageRegistry();
  readonly directory = mkdtempSync(join(tmpdir(), 'stepyard-images-test-'));

  /** Adds an image and returns its reference. */
  add(name: string, dockerfile: string, files: Readonly<Record<string, string>> = {}): string {
    const context = join(this.directory, name);
    for (const [file, text] of Object.entries({ Dockerfile: dockerfile, ...files })) {
      mkdirSync(dirname(join(context, file)), { recursive: true });
      writeFileSync(join(context, file), text);
    }
    this.images.register({
      reference: name,
      // Another content is another image for an engine that keeps them between runs.
      assetHash: createHash('sha256')
        .update(JSON.stringify([process.version, dockerfile, files]))
        .digest('hex'),
      directory: context,
      dockerfile: 'Dockerfile',
      buildArgs: {},
      target: undefined,
    });
    return name;
  }

  /** Runs them as process groups. */
  runner(environment: Readonly<Record<string, string>> = {}): ProcessRunner {
    return new ProcessRunner({ images: this.images, environment: () => environment, why: 'a test' });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Runs the JavaScript that is its command. */
export const NODE_DOCKERFILE = 'FROM scratch\nENTRYPOINT ["node", "-e"]\nCMD ["console.log(1)"]';
