import type { Result } from '../run/run-use-case.ts';
import { paint } from './progress.ts';
import { clip, count, duration, plural, table } from './text.ts';

const COLUMNS = [
  { title: 'state machine', align: 'left' },
  { title: 'status', align: 'left' },
  { title: 'duration', align: 'right' },
  { title: 'transitions', align: 'right' },
  { title: 'sent', align: 'right' },
  { title: 'quarantined', align: 'right' },
  { title: 'left', align: 'right' },
  { title: 'notified', align: 'left' },
] as const;

/** A cause may be a whole job description. */
const PROBLEM_CHARS_MAX = 500;

export interface SummaryOptions {
  readonly endpoint: string;
  readonly dataDir: string;
  /** Of the whole showcase. */
  readonly durationMs: number;
  readonly staysUp: boolean;
}

/** The lines at the end: a table of all executions, what is wrong, and how to go on. */
export function summary(results: readonly Result[], options: SummaryOptions): readonly string[] {
  const [titles = '', rule = '', ...rows] = table(COLUMNS, results.map(row));
  const problems = results.flatMap(({ useCase, problems: list }) =>
    list.map((problem) =>
      paint('red', `✘ ${useCase.name}: ${clip(problem.replaceAll(/\s+/gu, ' '), PROBLEM_CHARS_MAX)}`),
    ),
  );
  const well = results.filter((result) => result.problems.length === 0).length;
  const verdict =
    well === results.length
      ? paint(
          'green',
          `✔ All ${results.length} use cases ended as they should, in ${duration(options.durationMs)}.`,
        )
      : paint('red', `✘ ${results.length - well} of ${results.length} use cases did not end as they should.`);
  return [
    '',
    paint('bold', titles),
    paint('dim', rule),
    ...rows,
    '',
    ...problems,
    verdict,
    ...chains(results),
    ...(options.staysUp ? howToGoOn(results, options) : [`Everything is kept in ${options.dataDir}.`]),
  ];
}

function row({ useCase, followed, notified, moved }: Result): readonly string[] {
  const isExpected = followed.status === useCase.expectedStatus;
  const status = isExpected && followed.status === 'FAILED' ? 'FAILED, as asked' : followed.status;
  return [
    useCase.name,
    isExpected ? status : `${status} (unexpected)`,
    duration(followed.durationMs),
    count(followed.transitions),
    moved === undefined ? '–' : count(moved.sent),
    moved === undefined ? '–' : count(moved.quarantined),
    moved === undefined ? '–' : count(moved.left),
    notified ?? 'no',
  ];
}

/** Says of a transfer that continued as new how many executions it took. */
function chains(results: readonly Result[]): readonly string[] {
  return results
    .filter(({ followed }) => followed.generations > 1)
    .map(
      ({ useCase, followed }) =>
        `  ${useCase.name} took ${followed.generations} executions, each handing over to the next before its history was full.`,
    );
}

function howToGoOn(results: readonly Result[], { endpoint, dataDir }: SummaryOptions): readonly string[] {
  const machine = results[0]?.useCase.stateMachineArn ?? '';
  return [
    '',
    `The yard stays up at ${paint('bold', endpoint)}, until Ctrl-C. Its data is in ${dataDir}.`,
    `Look at it in a browser: ${paint('bold', `${endpoint}/_stepyard/`)}`,
    'Try it with the AWS CLI, or any SDK:',
    '',
    '  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1',
    `  aws stepfunctions start-execution --endpoint-url ${endpoint} \\`,
    `    --state-machine-arn ${machine} \\`,
    `    --input '{"records": 5}'`,
    `  aws stepfunctions list-executions --endpoint-url ${endpoint} \\`,
    `    --state-machine-arn ${machine}`,
    '',
  ];
}

/** How one use case ended, in one line. */
export function endText({ followed, moved, problems }: Result): string {
  const what = moved === undefined ? '' : `, ${count(moved.sent)} records sent`;
  const trouble =
    problems.length === 0
      ? ''
      : ` – ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}, see below`;
  return `${followed.status} after ${duration(followed.durationMs)}, ${plural(followed.transitions, 'transition')}${what}${trouble}`;
}
