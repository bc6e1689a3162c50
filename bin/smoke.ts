// Checks stacks that are deployed on AWS: starts executions of every use case, waits for their end and for their
// notifications. It costs what a few executions cost. Credentials and region come from the environment.
//
//   npm run smoke [-- --stage dev] [--use-case transfer-records ...] [--timeout-minutes 15]
import process from 'node:process';
import { parseArgs } from 'node:util';
import { STAGES } from '../lib/config.ts';
import type { UseCase } from '../lib/outputs.ts';
import { USE_CASES } from '../lib/outputs.ts';
import { CHECKS } from './smoke/checks.ts';
import { Executions } from './smoke/executions.ts';
import { deployedStack } from './smoke/outputs.ts';

const EXIT_USAGE = 2;

interface SmokeOptions {
  readonly stage: string;
  readonly useCases: readonly UseCase[];
  readonly timeoutMs: number;
}

function readOptions(): SmokeOptions {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string', default: 'dev' },
      'use-case': { type: 'string', multiple: true },
      'timeout-minutes': { type: 'string', default: '15' },
    },
  });
  const stage = values.stage;
  if (!STAGES.some((known) => known === stage)) {
    throw new TypeError(`--stage ${stage}: use one of ${STAGES.join(', ')}`);
  }
  const wanted = values['use-case'] ?? [...USE_CASES];
  const useCases = USE_CASES.filter((useCase) => wanted.includes(useCase));
  if (useCases.length !== wanted.length) {
    throw new TypeError(`--use-case ${wanted.join(', ')}: use some of ${USE_CASES.join(', ')}`);
  }
  const minutes = Number(values['timeout-minutes']);
  if (!(minutes > 0))
    throw new TypeError(`--timeout-minutes ${values['timeout-minutes']}: not a number above 0`);
  return { stage, useCases, timeoutMs: minutes * 60_000 };
}

async function check(stage: string, useCase: UseCase, executions: Executions): Promise<boolean> {
  try {
    const stack = await deployedStack(stage, useCase);
    if (stack === undefined) throw new Error(`not deployed: npx cdk deploy stepyard-${stage}-${useCase}`);
    process.stdout.write(`ok    ${useCase}: ${await CHECKS[useCase](stack, executions)}\n`);
    return true;
  } catch (error) {
    process.stdout.write(`FAIL  ${useCase}: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

async function main(): Promise<number> {
  let options;
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_USAGE;
  }
  const { stage, useCases, timeoutMs } = options;
  const executions = new Executions(timeoutMs);
  const passed = await Promise.all(useCases.map((useCase) => check(stage, useCase, executions)));
  return passed.every(Boolean) ? 0 : 1;
}

process.exitCode = await main();
