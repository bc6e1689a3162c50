import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { environmentList } from '../jobs/members.ts';
import type { ContainerJob } from '../jobs/runner.ts';
import { refuseFeature } from '../service.ts';
import { batchMembers, type JobDefinition } from './job-definitions.ts';

export interface RetryRule {
  readonly onStatusReason: string | undefined;
  readonly onReason: string | undefined;
  readonly onExitCode: string | undefined;
  readonly action: 'RETRY' | 'EXIT';
}

/** A job: its definition with what the submission overrides. */
export interface JobSpec {
  readonly container: Omit<ContainerJob, 'name'>;
  readonly attempts: number;
  readonly evaluateOnExit: readonly RetryRule[];
  readonly timeoutSeconds: number | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** `container` of DescribeJobs without what an attempt adds. */
  readonly description: JsonObject;
}

/** Longest environment and command of a job together; Batch's own limit of a SubmitJob request. */
export const JOB_CHARACTERS_MAX = 30_720;
/** From SIGTERM to SIGKILL, as Batch has it. */
export const STOP_TIMEOUT_MS = 30_000;

/** Merges a definition and a submission. Throws a ServiceError for what is invalid or not hosted. */
export function specOf(definition: JobDefinition, submission: JsonObject): JobSpec {
  const registered = batchMembers(definition.input);
  const submitted = batchMembers(submission);
  const properties = registered.of(registered.object('containerProperties') ?? {});
  const overrides = submitted.of(submitted.object('containerOverrides') ?? {});
  const environment = { ...properties.environment('environment'), ...overrides.environment('environment') };
  const reserved = Object.keys(environment).find((name) => name.startsWith('AWS_BATCH'));
  if (reserved !== undefined)
    submitted.fail(`Environment variables must not start with AWS_BATCH: ${reserved}`);
  const requirements = resourceRequirements(properties.list('resourceRequirements'), overrides);
  const parameters = { ...registered.textMap('parameters'), ...submitted.textMap('parameters') };
  const command = overrides.texts('command') ?? properties.texts('command');
  if (JSON.stringify([environment, command ?? []]).length > JOB_CHARACTERS_MAX) {
    submitted.fail(`The job's command and environment are longer than ${JOB_CHARACTERS_MAX} characters.`);
  }
  const memory = requirements.get('MEMORY') ?? overrides.integer('memory') ?? properties.integer('memory');
  const memoryMb = memory === undefined ? undefined : Number(memory);
  if (requirements.has('GPU')) throw refuseFeature('batch', 'SubmitJob', 'resourceRequirements of type GPU');
  const retry = submitted.of({
    ...registered.object('retryStrategy'),
    ...submitted.object('retryStrategy'),
  });
  const timeout = submitted.object('timeout') ?? registered.object('timeout') ?? {};
  return {
    container: {
      image: properties.requiredText('image'),
      entryPoint: undefined,
      command:
        command === undefined || command.length === 0 ? undefined : substituteParameters(command, parameters),
      environment,
      workingDirectory: undefined,
      user: properties.text('user'),
      memoryMb: memoryMb !== undefined && Number.isFinite(memoryMb) ? memoryMb : undefined,
      readonlyRootFilesystem: properties.flag('readonlyRootFilesystem') ?? false,
      writablePaths: [],
      stopTimeoutMs: STOP_TIMEOUT_MS,
    },
    attempts: retry.integer('attempts') ?? 1,
    evaluateOnExit: retry.objects('evaluateOnExit').map((rule) => ({
      onStatusReason: rule.text('onStatusReason'),
      onReason: rule.text('onReason'),
      onExitCode: rule.text('onExitCode'),
      action: rule.requiredText('action').toUpperCase() === 'EXIT' ? 'EXIT' : 'RETRY',
    })),
    timeoutSeconds: submitted.of(timeout).integer('attemptDurationSeconds'),
    parameters,
    description: describeContainer(properties.input, command, environment, requirements),
  };
}

/** `Ref::name` in a command; a parameter that nobody gave stays as it is written. */
export function substituteParameters(
  command: readonly string[],
  parameters: Readonly<Record<string, string>>,
): readonly string[] {
  return command.map((word) =>
    word.replace(/Ref::([A-Za-z0-9_-]+)/gu, (whole, name: string) =>
      Object.hasOwn(parameters, name) ? (parameters[name] ?? '') : whole,
    ),
  );
}

/** Is this attempt followed by another? The first rule that matches decides; none: it is. */
export function mayRetry(
  rules: readonly RetryRule[],
  attempt: { readonly statusReason: string; readonly reason: string; readonly exitCode: number | undefined },
): boolean {
  const rule = rules.find(
    (candidate) =>
      matches(candidate.onStatusReason, attempt.statusReason) &&
      matches(candidate.onReason, attempt.reason) &&
      // Where nothing ran there is no exit code for a pattern to match, not even an asterisk.
      (candidate.onExitCode === undefined ||
        (attempt.exitCode !== undefined && matches(candidate.onExitCode, String(attempt.exitCode)))),
  );
  return rule?.action !== 'EXIT';
}

/** Batch's patterns: case does not matter, and an asterisk may stand at the end. */
function matches(pattern: string | undefined, value: string): boolean {
  if (pattern === undefined) return true;
  const wanted = pattern.toLowerCase();
  const found = value.toLowerCase();
  return wanted.endsWith('*') ? found.startsWith(wanted.slice(0, -1)) : found === wanted;
}

function resourceRequirements(
  registered: readonly Json[],
  overrides: ReturnType<typeof batchMembers>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const requirement of [...registered, ...overrides.list('resourceRequirements')]) {
    if (!isObject(requirement)) continue;
    const { type, value } = requirement as { type?: Json; value?: Json };
    if (typeof type === 'string' && typeof value === 'string') found.set(type, value);
  }
  return found;
}

function describeContainer(
  properties: JsonObject,
  command: readonly string[] | undefined,
  environment: Readonly<Record<string, string>>,
  requirements: ReadonlyMap<string, string>,
): JsonObject {
  return {
    volumes: [],
    mountPoints: [],
    ulimits: [],
    networkInterfaces: [],
    secrets: [],
    ...properties,
    command: command ?? [],
    environment: environmentList(environment),
    resourceRequirements: [...requirements].map(([type, value]) => ({ type, value })),
  };
}
