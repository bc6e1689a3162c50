import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { stepyardApp } from '../../lib/app.ts';
import { STAGES } from '../../lib/config.ts';
import { acknowledge } from '../../lib/constructs/acknowledge.ts';
import { appOf } from './support/synthesis.ts';

/** For the whole app. A new acknowledgement needs a reason good enough to raise this. */
const ACKNOWLEDGEMENTS_MAX = 33;
const REASON_CHARS_MIN = 30;
/** A whole synthesis with three validators, on a machine that runs other tests beside it. */
const SYNTHESIS_TIMEOUT_MS = 120_000;

const Acknowledged = z.record(z.string(), z.string());
const Report = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      conclusion: z.string(),
      violations: z.array(z.object({ ruleName: z.string() })),
    }),
  ),
});

interface Acknowledgement {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

function acknowledgements(stage: (typeof STAGES)[number]): Acknowledgement[] {
  return appOf(stage)
    .node.findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) =>
          Object.entries(Acknowledged.parse(data)).map(([rule, reason]) => ({
            path: node.path,
            rule,
            reason,
          })),
        ),
    );
}

describe.each(STAGES)('18: cdk-nag in %s', (stage) => {
  test(
    'finds nothing that is not acknowledged, nor does CloudFormation Validate',
    { timeout: SYNTHESIS_TIMEOUT_MS },
    () => {
      delete process.env['CDK_VALIDATION'];
      const outdir = mkdtempSync(join(tmpdir(), 'stepyard-nag-'));
      try {
        stepyardApp({ stage, 'aws:cdk:bundling-stacks': [] }, outdir).synth();
        const report = Report.parse(JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')));
        const found = report.pluginReports.flatMap(({ pluginName, violations }) =>
          violations.map(({ ruleName }) => `${pluginName} ${ruleName}`),
        );
        expect(found).toEqual([]);
      } finally {
        rmSync(outdir, { recursive: true });
      }
    },
  );

  test('acknowledgements are few, reasoned, and next to what they are about', () => {
    // Those of CloudFormation Validate are CDK's own, about CDK's own doing.
    const all = acknowledgements(stage).filter(({ rule }) => !rule.startsWith('CloudFormation-Validate'));
    expect(all.length).toBeGreaterThan(0);
    expect(all.length).toBeLessThanOrEqual(ACKNOWLEDGEMENTS_MAX);
    expect(all.filter(({ reason }) => reason.length < REASON_CHARS_MIN)).toEqual([]);
    // A path of one part is a stack: that would hide every finding in it.
    expect(all.filter(({ path }) => path.split('/').length < 3)).toEqual([]);
    expect(all.filter(({ rule }) => rule.endsWith('IAM5') || rule.endsWith('IAM4'))).toEqual([]);
  });
});

test('the packs are alive: an unencrypted topic is found', () => {
  const app = appOf('dev');
  const stack = new Stack(app, 'Careless');
  new Topic(stack, 'Topic');
  const found = [new AwsSolutionsChecks(), new ServerlessChecks()].flatMap(
    (pack) => pack.validateScope(stack).violations,
  );
  expect(found.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SNS3');
});

test('an acknowledgement without a reason worth the name is refused', () => {
  const stack = new Stack(undefined, 'Stack');
  expect(() => acknowledge(stack, 'fine', 'AwsSolutions-SNS3')).toThrow('says too little');
});
