import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stepyardApp } from '../../lib/app.ts';
import { at, resourcesOf } from './support/template.ts';

test('a person gets notifications too when the deployment names one', () => {
  process.env['CDK_VALIDATION'] = 'false';
  const outdir = mkdtempSync(join(tmpdir(), 'stepyard-email-'));
  try {
    const context = { notificationEmail: 'ops@example.com', 'aws:cdk:bundling-stacks': [] };
    for (const { template } of stepyardApp(context, outdir).synth().stacks) {
      const emails = resourcesOf(template, 'AWS::SNS::Subscription').filter(
        ({ properties }) => properties['Protocol'] === 'email',
      );
      expect(emails.map(({ properties }) => properties['Endpoint'])).toEqual(['ops@example.com']);
      expect(at(emails[0]?.properties, 'RedrivePolicy', 'deadLetterTargetArn')).toBeDefined();
    }
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
