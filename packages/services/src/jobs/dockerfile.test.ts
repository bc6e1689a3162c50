import { describe, expect, test } from 'vitest';
import { readDockerfile } from './dockerfile.ts';
import { DOCKERFILE_BYTES_MAX } from './dockerfile-syntax.ts';

function read(text: string, buildArgs: Record<string, string> = {}, target?: string) {
  return readDockerfile(text, { buildArgs, target });
}

describe('readDockerfile', () => {
  test('reads what a job image says about running it', () => {
    const config = read(
      `# syntax=docker/dockerfile:1
ARG BASE_IMAGE=public.ecr.aws/docker/library/node:24-slim
FROM \${BASE_IMAGE}
LABEL a=b
WORKDIR /app
# a comment
COPY --chown=node:node main.mjs lib/ ./
ENV NODE_ENV=production \\
    # another
    GREETING="hello world"
USER node
EXPOSE 80
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["main.mjs"]
`,
    );
    expect(config).toEqual({
      entryPoint: ['node', '--enable-source-maps'],
      command: ['main.mjs'],
      workingDirectory: '/app',
      environment: { NODE_ENV: 'production', GREETING: 'hello world' },
      user: 'node',
      copies: [{ sources: ['main.mjs', 'lib/'], destination: '/app/' }],
      runs: [],
      unsupported: [],
    });
  });

  test('the shell form is a command for a shell', () => {
    expect(read('FROM a\nCMD node main.js --x').command).toEqual(['/bin/sh', '-c', 'node main.js --x']);
  });

  test('a CMD of the base does not survive a new ENTRYPOINT; one of the stage does, in either order', () => {
    expect(read('FROM a AS b\nCMD ["x"]\nFROM b\nENTRYPOINT ["y"]')).toMatchObject({
      entryPoint: ['y'],
      command: undefined,
    });
    expect(read('FROM a\nCMD ["x"]\nENTRYPOINT ["y"]')).toMatchObject({ entryPoint: ['y'], command: ['x'] });
  });

  test('takes the wanted stage, with what it has from the one before', () => {
    const text =
      'FROM a AS base\nENV A=1\nWORKDIR /w\nFROM base AS one\nCMD ["1"]\nFROM base AS two\nCMD ["2"]';
    expect(read(text)).toMatchObject({ command: ['2'], environment: { A: '1' }, workingDirectory: '/w' });
    expect(read(text, {}, 'one').command).toEqual(['1']);
    expect(() => read(text, {}, 'three')).toThrow('no stage three');
  });

  test('substitutes build arguments and variables', () => {
    const text =
      'ARG V=1\nFROM a\nARG V\nARG DIR=/d\nENV A=$V B=${V}-${NONE:-n} C=${V:+set} D=\\$V\nWORKDIR $DIR\nWORKDIR sub/../other';
    expect(read(text)).toMatchObject({
      environment: { A: '1', B: '1-n', C: 'set', D: '$V' },
      workingDirectory: '/d/other',
    });
    expect(read(text, { V: '2' }).environment['A']).toBe('2');
  });

  test('names what only a container engine can do', () => {
    const config = read(
      'FROM a AS b\nFROM c\nCOPY --from=b /x /y\nADD https://x/y /z\nRUN npm ci\nSHELL ["/bin/bash"]',
    );
    expect(config.unsupported).toEqual([
      'COPY --from=b /x /y (line 3)',
      'ADD https://x/y /z (line 4)',
      'SHELL (line 6)',
    ]);
    expect(config.runs).toEqual(['npm ci']);
  });

  test.each([
    ['', 'the Dockerfile has no FROM'],
    ['RUN x\nFROM a', 'Dockerfile line 1: RUN before FROM'],
    ['FROM a\n{}', 'Dockerfile line 2 is no instruction: {}'],
    ['FROM a\nRUN <<EOT\nx\nEOT', 'Dockerfile line 2: here-documents are not supported'],
    [`FROM a\n#${'x'.repeat(DOCKERFILE_BYTES_MAX)}`, `longer than ${DOCKERFILE_BYTES_MAX} bytes`],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
