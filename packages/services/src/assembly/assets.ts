import { existsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import type { ContainerImage } from '../jobs/image.ts';
import { ACCOUNT_ID, PARTITION, REGION } from '../service.ts';
import { AssemblyError } from './assembly-error.ts';
import { MANIFEST_BYTES_MAX, readJsonFile } from './read-json.ts';

export const URL_SUFFIX = 'amazonaws.com';

/** The files and images of an assembly, by what templates call them. */
export interface Assets {
  /** Absolute path of a file asset (a file, a zip or a directory), by bucket and key. */
  file(bucket: string, key: string): string | undefined;
  readonly images: readonly ContainerImage[];
}

/** Reads asset manifests. */
export class AssetReader implements Assets {
  readonly #files = new Map<string, string>();
  readonly #images = new Map<string, ContainerImage>();

  file(bucket: string, key: string): string | undefined {
    return this.#files.get(`${bucket}/${key}`);
  }

  get images(): readonly ContainerImage[] {
    return [...this.#images.values()];
  }

  /** Adds the assets of one manifest file; paths in it are relative to `directory`. */
  read(directory: string, path: string): void {
    const manifest = readJsonFile(path, MANIFEST_BYTES_MAX);
    for (const [hash, asset] of entriesOf(manifest['files'])) this.#addFile(directory, path, hash, asset);
    for (const [hash, asset] of entriesOf(manifest['dockerImages'])) {
      this.#addImage(directory, path, hash, asset);
    }
  }

  #addFile(directory: string, manifest: string, hash: string, asset: JsonObject): void {
    const source = objectOf(asset['source']);
    const name = textOf(source['path']);
    if (name === undefined) {
      throw new AssemblyError(`${manifest}: file asset ${hash} is made by a command, which is not supported`);
    }
    const path = insideOf(directory, name, manifest);
    for (const [, destination] of entriesOf(asset['destinations'])) {
      const bucket = fillPlaceholders(textOf(destination['bucketName']) ?? '');
      this.#files.set(`${bucket}/${fillPlaceholders(textOf(destination['objectKey']) ?? '')}`, path);
    }
  }

  #addImage(directory: string, manifest: string, hash: string, asset: JsonObject): void {
    const source = objectOf(asset['source']);
    const context = textOf(source['directory']);
    if (context === undefined) {
      throw new AssemblyError(
        `${manifest}: image asset ${hash} is made by a command, which is not supported`,
      );
    }
    for (const [, destination] of entriesOf(asset['destinations'])) {
      const repository = fillPlaceholders(textOf(destination['repositoryName']) ?? '');
      const tag = fillPlaceholders(textOf(destination['imageTag']) ?? '');
      const reference = `${ACCOUNT_ID}.dkr.ecr.${REGION}.${URL_SUFFIX}/${repository}:${tag}`;
      const buildArgs = Object.entries(objectOf(source['dockerBuildArgs'])).map(
        ([name, value]) => [name, textOf(value) ?? ''] as const,
      );
      this.#images.set(reference, {
        reference,
        assetHash: hash,
        directory: insideOf(directory, context, manifest),
        dockerfile: textOf(source['dockerFile']) ?? 'Dockerfile',
        buildArgs: Object.fromEntries(buildArgs),
        target: textOf(source['dockerBuildTarget']),
      });
    }
  }
}

/** The placeholders of an environment-agnostic stack's manifest. */
export function fillPlaceholders(text: string): string {
  return text
    .replaceAll('${AWS::AccountId}', ACCOUNT_ID)
    .replaceAll('${AWS::Region}', REGION)
    .replaceAll('${AWS::Partition}', PARTITION);
}

/** A path that an assembly names; absolute ones are taken as they are (CDK writes them for assets outside of cdk.out). */
export function insideOf(directory: string, name: string, manifest: string): string {
  const path = resolve(directory, name);
  if (name.includes('\0')) throw new AssemblyError(`${manifest}: a path contains a NUL character`);
  if (!existsSync(path)) throw new AssemblyError(`${manifest}: ${name} does not exist (looked for ${path})`);
  return path.endsWith(sep) ? path.slice(0, -1) : path;
}

export function entriesOf(value: Json | undefined): readonly (readonly [string, JsonObject])[] {
  return Object.entries(objectOf(value)).flatMap(([key, item]) =>
    isObject(item) ? [[key, item] as const] : [],
  );
}

export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
