import { apiError, PARTITION, REGION } from '../service.ts';

/** One function, ready to run. */
export interface FunctionConfiguration {
  readonly functionName: string;
  /** `nodejs24.x`, `python3.13`. */
  readonly runtime: string;
  /** `index.handler`: file without extension, then exported name. */
  readonly handler: string;
  /** Absolute path of the directory with the code. */
  readonly codeDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly architectures: readonly string[];
  readonly roleArn: string;
  readonly description: string;
  /** More invocations than this at once are throttled; undefined: no such limit. */
  readonly reservedConcurrency: number | undefined;
}

const NODE = /^nodejs\d+\.x$/u;
const PYTHON = /^python3\.\d+$/u;
const NAME = /^[a-zA-Z0-9-_]{1,64}$/u;
const TIMEOUT_SECONDS_MAX = 900;
const MEMORY_MB_MIN = 128;
const MEMORY_MB_MAX = 10_240;

/** Which of the two programs runs a runtime. Throws for one that nothing here runs, and names what does. */
export function interpreterOf(runtime: string): 'node' | 'python' {
  if (NODE.test(runtime)) return 'node';
  if (PYTHON.test(runtime)) return 'python';
  throw apiError(
    'lambda',
    'InvalidParameterValueException',
    `Stepyard does not host the runtime ${runtime}. It runs nodejs*.x on Node.js ${process.versions.node} and python3.* on ` +
      `the python3 of this machine. Point the service at another endpoint: --endpoint lambda=URL.`,
  );
}

/** Checks a configuration against Lambda's own limits. Throws InvalidParameterValueException. */
export function checkFunction(configuration: FunctionConfiguration): void {
  const { functionName, timeoutSeconds, memoryMb, runtime, reservedConcurrency } = configuration;
  interpreterOf(runtime);
  check(NAME.test(functionName), `The function name ${functionName} is not 1 to 64 letters, digits, - or _.`);
  check(
    Number.isInteger(timeoutSeconds) && timeoutSeconds >= 1 && timeoutSeconds <= TIMEOUT_SECONDS_MAX,
    `The timeout of ${functionName} is not 1 to ${TIMEOUT_SECONDS_MAX} seconds.`,
  );
  check(
    Number.isInteger(memoryMb) && memoryMb >= MEMORY_MB_MIN && memoryMb <= MEMORY_MB_MAX,
    `The memory size of ${functionName} is not ${MEMORY_MB_MIN} to ${MEMORY_MB_MAX} MB.`,
  );
  check(
    reservedConcurrency === undefined || (Number.isInteger(reservedConcurrency) && reservedConcurrency >= 0),
    `The reserved concurrency of ${functionName} is not a whole number.`,
  );
}

function check(condition: boolean, message: string): void {
  if (!condition) throw apiError('lambda', 'InvalidParameterValueException', message);
}

/** The unqualified ARN of a function. */
export function functionArn(account: string, name: string): string {
  return `arn:${PARTITION}:lambda:${REGION}:${account}:function:${name}`;
}

/** A function's name out of what APIs take: a name, a partial ARN or an ARN, each with or without a qualifier. */
export function parseFunctionName(text: string): {
  readonly name: string;
  readonly qualifier: string | undefined;
} {
  const match = /^(?:arn:[^:]*:lambda:[^:]*:)?(?:\d*:)?(?:function:)?([^:]+)(?::([^:]+))?$/u.exec(text);
  if (match?.[1] === undefined) {
    throw apiError('lambda', 'ValidationException', `${text} does not name a function.`);
  }
  return { name: match[1], qualifier: match[2] };
}
