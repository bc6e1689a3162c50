import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Json, JsonObject } from '@stepyard/asl';

/** For tests: writes a cloud assembly by hand into a temporary directory. */
export class TestAssembly {
  readonly directory = mkdtempSync(join(tmpdir(), 'stepyard-assembly-test-'));
  readonly #artifacts: Record<string, Json> = {};

  /** Adds a stack; the name is also its artifact id. */
  stack(name: string, template: JsonObject, more: JsonObject = {}): this {
    const { dependencies, ...properties } = more;
    this.write(`${name}.template.json`, JSON.stringify(template));
    return this.artifact(name, {
      type: 'aws:cloudformation:stack',
      properties: { templateFile: `${name}.template.json`, ...properties },
      dependencies: dependencies ?? [],
    });
  }

  assets(name: string, manifest: JsonObject): this {
    this.write(`${name}.assets.json`, JSON.stringify(manifest));
    return this.artifact(`${name}.assets`, {
      type: 'cdk:asset-manifest',
      properties: { file: `${name}.assets.json` },
    });
  }

  artifact(id: string, artifact: JsonObject): this {
    this.#artifacts[id] = artifact;
    this.write('manifest.json', JSON.stringify({ version: '53.0.0', artifacts: this.#artifacts }));
    return this;
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), text);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
