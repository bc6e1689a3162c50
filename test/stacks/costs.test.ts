import { expect, test } from 'vitest';
import { costTable, costGaps, standingOf } from '../../lib/costs.ts';
import { costDocument, stageResources } from './support/cost-document.ts';

test('every type of resource has a price or is known to be free, and no other is', () => {
  expect(costGaps(stageResources())).toEqual({ unpriced: [], unused: [] });
});

test('a type that nobody has priced is told of', () => {
  expect(costGaps({ dev: ['AWS::New::Thing'], prod: [] })).toMatchObject({ unpriced: ['AWS::New::Thing'] });
});

test('the table in the README is that of the templates (npm run docs)', () => {
  const { is, mustBe } = costDocument();
  expect(is).toContain('<!-- costs -->');
  expect(is).toBe(mustBe);
});

test('what stands is added up, each resource by itself', () => {
  const types = [
    'AWS::KMS::Key',
    'AWS::KMS::Key',
    'AWS::CloudWatch::Alarm',
    'AWS::IAM::Role',
    'AWS::EC2::NatGateway',
  ];
  expect(standingOf(types)).toBeCloseTo(2 + 0.1 + 32.85, 6);
  expect(costTable({ dev: types, prod: [] })).toContain('| KMS::Key | 2 | 0 | $1.00 each |');
  expect(costTable({ dev: types, prod: [] })).toContain('| **standing, a month** | **$34.95** | **$0.00** |');
});

test('dev has no NAT gateway, which is most of what prod costs while it stands', () => {
  const { dev, prod } = stageResources();
  expect(dev).not.toContain('AWS::EC2::NatGateway');
  expect(standingOf(prod) - standingOf(dev)).toBeGreaterThan(100);
});
