import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import { readAssembly, RESOURCES_MAX } from './read-assembly.ts';
import { DEPTH_MAX, TEMPLATE_BYTES_MAX } from './read-json.ts';
import { TestAssembly } from './test-assembly.ts';

let assembly: TestAssembly;
beforeEach(() => {
  assembly = new TestAssembly();
});
afterEach(() => assembly.remove());

function names(): readonly string[] {
  return readAssembly(assembly.directory).stacks.map((stack) => stack.name);
}

/** Objects and lists within one another, this many levels. */
function nested(depth: number): string {
  return `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
}

function roles(count: number): JsonObject {
  return Object.fromEntries(
    Array.from({ length: count }, (_item, i) => [`R${i}`, { Type: 'AWS::IAM::Role' }]),
  );
}

describe('readAssembly', () => {
  test('reads stacks in the order of their dependencies, those of stages too', () => {
    assembly.stack('B', {}, { dependencies: ['B.assets', 'A'] }).stack('A', {}, { stackName: 'a-stack' });
    assembly.assets('B', {});
    assembly.artifact('assembly-Dev', {
      type: 'cdk:cloud-assembly',
      properties: { directoryName: 'assembly-Dev' },
    });
    assembly.artifact('Tree', { type: 'cdk:tree', properties: { file: 'tree.json' } });
    const stage = join(assembly.directory, 'assembly-Dev');
    mkdirSync(stage);
    writeFileSync(
      join(stage, 'manifest.json'),
      JSON.stringify({
        artifacts: {
          S: {
            type: 'aws:cloudformation:stack',
            properties: { templateFile: 't.json', stackName: 'Dev-S', parameters: { P: 'v' } },
            displayName: 'Dev/S',
          },
        },
      }),
    );
    writeFileSync(join(stage, 't.json'), '{}');
    expect(names()).toEqual(['a-stack', 'B', 'Dev-S']);
    expect(readAssembly(assembly.directory).stacks[2]).toEqual({
      name: 'Dev-S',
      displayName: 'Dev/S',
      template: {},
      parameters: { P: 'v' },
    });
  });

  test('finds file and image assets by what templates call them', () => {
    assembly.write('asset.abc/index.mjs', '');
    assembly.write('asset.img/Dockerfile', 'FROM scratch');
    assembly.assets('A', {
      files: {
        abc: {
          source: { path: 'asset.abc', packaging: 'zip' },
          destinations: {
            d: { bucketName: 'assets-${AWS::AccountId}-${AWS::Region}', objectKey: 'abc.zip' },
          },
        },
      },
      dockerImages: {
        img: {
          source: { directory: 'asset.img', dockerBuildArgs: { A: '1' }, dockerBuildTarget: 't' },
          destinations: { d: { repositoryName: 'repo-${AWS::AccountId}', imageTag: 'img' } },
        },
      },
    });
    const { assets } = readAssembly(assembly.directory);
    expect(assets.file('assets-000000000000-us-east-1', 'abc.zip')).toBe(
      join(assembly.directory, 'asset.abc'),
    );
    expect(assets.images).toEqual([
      {
        reference: '000000000000.dkr.ecr.us-east-1.amazonaws.com/repo-000000000000:img',
        assetHash: 'img',
        directory: join(assembly.directory, 'asset.img'),
        dockerfile: 'Dockerfile',
        buildArgs: { A: '1' },
        target: 't',
      },
    ]);
  });

  test('says that a directory is no assembly', () => {
    expect(names).toThrow(/is no cloud assembly: it has no manifest\.json \(run cdk synth first\)$/u);
  });

  test('names a manifest that is not JSON', () => {
    assembly.write('manifest.json', '{');
    expect(names).toThrow(/manifest\.json is not JSON: /u);
  });

  test('names an asset that is not there', () => {
    assembly.assets('A', { files: { abc: { source: { path: 'asset.abc' }, destinations: {} } } });
    expect(names).toThrow(/A\.assets\.json: asset\.abc does not exist/u);
  });

  test('names stacks that depend on one another', () => {
    assembly.stack('A', {}, { dependencies: ['B'] }).stack('B', {}, { dependencies: ['A'] });
    expect(names).toThrow('the stacks depend on one another in a circle at A');
  });

  test('names a stack that is there twice', () => {
    assembly.stack('A', {}).stack('B', {}, { stackName: 'A' });
    expect(names).toThrow('two stacks are called A');
  });
});

describe('limits of a template', () => {
  test('size', () => {
    const padding = TEMPLATE_BYTES_MAX - JSON.stringify({ Description: '' }).length;
    assembly.stack('A', { Description: 'x'.repeat(padding) });
    expect(names()).toEqual(['A']);
    assembly.stack('A', { Description: 'x'.repeat(padding + 1) });
    expect(names).toThrow(
      `A.template.json has ${TEMPLATE_BYTES_MAX + 1} bytes; at most ${TEMPLATE_BYTES_MAX}`,
    );
  });

  test('depth', () => {
    assembly.stack('A', {});
    assembly.write('A.template.json', nested(DEPTH_MAX));
    expect(names()).toEqual(['A']);
    assembly.write('A.template.json', nested(DEPTH_MAX + 2));
    expect(names).toThrow(`A.template.json is nested deeper than ${DEPTH_MAX} levels`);
    assembly.write('A.template.json', nested(100_000));
    expect(names).toThrow(`A.template.json is nested deeper than ${DEPTH_MAX} levels`);
  });

  test('number of resources', () => {
    assembly.stack('A', { Resources: roles(RESOURCES_MAX) });
    expect(names()).toEqual(['A']);
    assembly.stack('A', { Resources: roles(RESOURCES_MAX + 1) });
    expect(names).toThrow(
      `stack A: ${RESOURCES_MAX + 1} resources; CloudFormation takes at most ${RESOURCES_MAX}`,
    );
  });
});
