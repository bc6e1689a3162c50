import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { StageName } from '../../../lib/config.ts';
import { STAGES } from '../../../lib/config.ts';
import { stepyardApp } from '../../../lib/app.ts';
import type { Template } from './template.ts';

/** A synthesised stack of a stage. */
export interface Synthesised {
  readonly stage: StageName;
  readonly stackName: string;
  /** The stack's name without project and stage: `transfer-records`. */
  readonly useCase: string;
  readonly template: Template;
}

const apps = new Map<StageName, App>();
const stacks: Synthesised[] = [];

/** The app of a stage, its stacks synthesised without bundling handlers: once for a test file, however many tests ask. */
export function appOf(stage: StageName): App {
  synthesise();
  const app = apps.get(stage);
  if (app === undefined) throw new Error(`there is no stage ${stage}`);
  return app;
}

/** All stacks of all stages. */
export function allStacks(): readonly Synthesised[] {
  synthesise();
  return stacks;
}

/** The stack of one use case in one stage. */
export function stackOf(stage: StageName, useCase: string): Synthesised {
  const found = allStacks().find((stack) => stack.stage === stage && stack.useCase === useCase);
  if (found === undefined) throw new Error(`there is no stack ${useCase} in ${stage}`);
  return found;
}

function synthesise(): void {
  if (apps.size > 0) return;
  // CloudFormation's own validation takes longer than all the rest; nag.test.ts has it on.
  process.env['CDK_VALIDATION'] = 'false';
  for (const stage of STAGES) {
    const outdir = mkdtempSync(join(tmpdir(), `stepyard-${stage}-`));
    const app = stepyardApp({ stage, 'aws:cdk:bundling-stacks': [] }, outdir);
    apps.set(stage, app);
    for (const artifact of app.synth().stacks) {
      stacks.push({
        stage,
        stackName: artifact.stackName,
        useCase: artifact.stackName.replace(`stepyard-${stage}-`, ''),
        template: artifact.template,
      });
    }
    rmSync(outdir, { recursive: true });
  }
}
