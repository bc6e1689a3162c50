import { parseInstructions, splitWords, substitute, type Instruction } from './dockerfile-syntax.ts';

/** One COPY or ADD of files of the build context. Paths as the Dockerfile has them; the destination is absolute. */
export interface Copy {
  readonly sources: readonly string[];
  readonly destination: string;
}

/** What a Dockerfile's last stage (or the wanted one) says about running it. */
export interface ImageConfig {
  readonly entryPoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  /** Absolute; `/` when not given. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly copies: readonly Copy[];
  /** RUN instructions: they need a container, and are not executed by the process runner. */
  readonly runs: readonly string[];
  /** Instructions whose effect only a container engine can give: `COPY --from=build`. */
  readonly unsupported: readonly string[];
}

interface Stage {
  readonly name: string | undefined;
  entryPoint: readonly string[] | undefined;
  command: readonly string[] | undefined;
  /** True once this stage itself has a CMD. */
  ownCommand: boolean;
  workingDirectory: string;
  environment: Map<string, string>;
  args: Map<string, string>;
  user: string | undefined;
  copies: Copy[];
  runs: string[];
  unsupported: string[];
}

/** Without any effect on how a process runs. */
const WITHOUT_EFFECT = new Set(['LABEL', 'EXPOSE', 'HEALTHCHECK', 'MAINTAINER', 'VOLUME', 'STOPSIGNAL']);

/**
 * Reads what a Dockerfile means for running its image (Dockerfile reference). Throws an Error that names the line for a text
 * that is no Dockerfile, or when the wanted stage does not exist.
 */
export function readDockerfile(
  text: string,
  options: { readonly buildArgs: Readonly<Record<string, string>>; readonly target: string | undefined },
): ImageConfig {
  const stages: Stage[] = [];
  const globalArgs = new Map<string, string>();
  for (const instruction of parseInstructions(text)) {
    const stage = stages.at(-1);
    if (instruction.name === 'FROM') {
      stages.push(startStage(substitute(instruction.rest, globalArgs), stages));
    } else if (stage === undefined) {
      if (instruction.name !== 'ARG') {
        throw new Error(`Dockerfile line ${instruction.line}: ${instruction.name} before FROM`);
      }
      declareArg(instruction.rest, globalArgs, globalArgs, options.buildArgs);
    } else if (instruction.name === 'ARG') {
      declareArg(instruction.rest, stage.args, globalArgs, options.buildArgs);
    } else {
      applyInstruction(stage, instruction);
    }
  }
  const wanted =
    options.target === undefined ? stages.at(-1) : stages.find((stage) => stage.name === options.target);
  if (wanted === undefined) {
    throw new Error(
      options.target === undefined ? 'the Dockerfile has no FROM' : `no stage ${options.target}`,
    );
  }
  const { name: _name, args: _args, ownCommand: _ownCommand, environment, ...config } = wanted;
  return { ...config, environment: Object.fromEntries(environment) };
}

function startStage(rest: string, stages: readonly Stage[]): Stage {
  const words = splitWords(rest).filter((word) => !word.startsWith('--'));
  const name = words[1]?.toUpperCase() === 'AS' ? words[2] : undefined;
  const parent = stages.find((stage) => stage.name !== undefined && stage.name === words[0]);
  return {
    name,
    entryPoint: parent?.entryPoint,
    command: parent?.command,
    ownCommand: false,
    workingDirectory: parent?.workingDirectory ?? '/',
    environment: new Map(parent?.environment),
    args: new Map(),
    user: parent?.user,
    copies: [...(parent?.copies ?? [])],
    runs: [...(parent?.runs ?? [])],
    unsupported: [...(parent?.unsupported ?? [])],
  };
}

function declareArg(
  rest: string,
  into: Map<string, string>,
  globalArgs: ReadonlyMap<string, string>,
  buildArgs: Readonly<Record<string, string>>,
): void {
  for (const word of splitWords(rest)) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const fallback = equals < 0 ? globalArgs.get(name) : substitute(word.slice(equals + 1), into);
    const value = Object.hasOwn(buildArgs, name) ? buildArgs[name] : fallback;
    if (value !== undefined) into.set(name, value);
  }
}

function applyInstruction(stage: Stage, instruction: Instruction): void {
  const { name, rest } = instruction;
  const variables = new Map([...stage.args, ...stage.environment]);
  switch (name) {
    case 'ENV':
      for (const [key, value] of readPairs(rest)) stage.environment.set(key, substitute(value, variables));
      break;
    case 'WORKDIR':
      stage.workingDirectory = resolvePath(stage.workingDirectory, substitute(rest, variables));
      break;
    case 'USER':
      stage.user = substitute(rest, variables);
      break;
    case 'ENTRYPOINT':
      stage.entryPoint = readCommand(rest);
      // As docker has it: a CMD of the base does not survive a new ENTRYPOINT.
      if (!stage.ownCommand) stage.command = undefined;
      break;
    case 'CMD':
      stage.command = readCommand(rest);
      stage.ownCommand = true;
      break;
    case 'COPY':
    case 'ADD':
      applyCopy(stage, instruction, variables);
      break;
    case 'RUN':
      stage.runs.push(rest);
      break;
    default:
      if (!WITHOUT_EFFECT.has(name)) stage.unsupported.push(`${name} (line ${instruction.line})`);
  }
}

function applyCopy(stage: Stage, instruction: Instruction, variables: ReadonlyMap<string, string>): void {
  const json = readJsonArray(instruction.rest.replace(/^(?:--\S+\s+)*/u, ''));
  const all = splitWords(substitute(instruction.rest, variables));
  const words = json ?? all.filter((word) => !word.startsWith('--'));
  const destination = words.at(-1);
  const sources = words.slice(0, -1);
  const fromElsewhere = all.some((word) => word.startsWith('--from='));
  const remoteOrArchive =
    instruction.name === 'ADD' && sources.some((source) => /:\/\/|\.(?:tar|tgz|tar\.\w+)$/u.test(source));
  if (destination === undefined || sources.length === 0 || fromElsewhere || remoteOrArchive) {
    stage.unsupported.push(`${instruction.name} ${instruction.rest} (line ${instruction.line})`);
    return;
  }
  const trailing = destination.endsWith('/') || destination === '.' ? '/' : '';
  stage.copies.push({
    sources,
    destination: resolvePath(stage.workingDirectory, destination) + trailing,
  });
}

function readCommand(rest: string): readonly string[] {
  return readJsonArray(rest) ?? ['/bin/sh', '-c', rest];
}

function readJsonArray(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `K=V K2="a b"`, or the old form `K the whole rest`. */
function readPairs(rest: string): readonly (readonly [string, string])[] {
  const old = /^([A-Za-z_]\w*)\s+([^=].*)$/su.exec(rest);
  if (old?.[1] !== undefined && old[2] !== undefined) return [[old[1], old[2]]];
  return splitWords(rest).flatMap((word) => {
    const equals = word.indexOf('=');
    return equals < 0 ? [] : [[word.slice(0, equals), word.slice(equals + 1)] as const];
  });
}

/** Posix paths, whatever this machine's own are like. */
function resolvePath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : base}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
