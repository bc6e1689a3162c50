/**
 * JSONPath: compiled paths against JavaScript written by hand for the same path. `node bench/jsonpath.ts [--json]`.
 * Every result is checked; the times are CPU time, the ratios medians. Issue 3 asks for 2x on the simple paths.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Environment, Json, JsonObject } from '@stepyard/asl';
import { compilePath, getOwn, isArray, isObject } from '@stepyard/asl';
import { callUs, times, us } from './measure.ts';

const document: JsonObject = {
  id: 'o-1',
  order: { customer: { address: { city: 'Ulm' } }, total: 12 },
  items: Array.from({ length: 100 }, (_, at) => ({ status: at % 2 === 1 ? 'OPEN' : 'X', amount: at })),
};
const context: JsonObject = { Execution: { Id: 'arn' } };
const limit = { max: 5 };

const environment: Environment = {
  document,
  states: { input: document },
  context: () => context,
  variable: (name) => (name === 'limit' ? limit : undefined),
  nowMs: 0,
  random: () => 0.5,
  uuid: () => '00000000-0000-4000-8000-000000000000',
};

/** What a careful hand writes for one name: own members of objects only. */
const member = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) ? getOwn(value, name) : undefined;

const found = (value: Json | undefined): Json => {
  if (value === undefined) throw new Error('nothing found');
  return value;
};

const listOf = (value: Json | undefined): readonly Json[] =>
  isArray(value ?? null) ? (value as readonly Json[]) : [];

interface Row {
  readonly path: string;
  readonly byHand: (given: Environment) => Json;
  readonly wanted?: number;
}

const ROWS: readonly Row[] = [
  { path: '$', byHand: (given) => given.document, wanted: 2 },
  { path: '$.id', byHand: (given) => found(member(given.document, 'id')), wanted: 2 },
  {
    path: '$.order.total',
    byHand: (given) => found(member(member(given.document, 'order'), 'total')),
    wanted: 2,
  },
  {
    path: '$.order.customer.address.city',
    byHand: (given) =>
      found(member(member(member(member(given.document, 'order'), 'customer'), 'address'), 'city')),
    wanted: 2,
  },
  {
    path: "$['order']['total']",
    byHand: (given) => found(member(member(given.document, 'order'), 'total')),
    wanted: 2,
  },
  {
    path: '$.items[3].amount',
    byHand: (given) => found(member(listOf(member(given.document, 'items'))[3], 'amount')),
    wanted: 2,
  },
  {
    path: '$$.Execution.Id',
    byHand: (given) => found(member(member(given.context(), 'Execution'), 'Id')),
    wanted: 2,
  },
  { path: '$limit.max', byHand: (given) => found(member(given.variable('limit'), 'max')), wanted: 2 },
  {
    path: '$.items[*].amount',
    byHand: (given) =>
      listOf(member(given.document, 'items')).flatMap((item) => member(item, 'amount') ?? []),
  },
  {
    path: "$.items[?(@.status == 'OPEN')].amount",
    byHand: (given) =>
      listOf(member(given.document, 'items')).flatMap((item) =>
        member(item, 'status') === 'OPEN' ? (member(item, 'amount') ?? []) : [],
      ),
  },
  {
    path: '$.items[?(@.amount > 90)]',
    byHand: (given) =>
      listOf(member(given.document, 'items')).filter((item) => {
        const amount = member(item, 'amount');
        return typeof amount === 'number' && amount > 90;
      }),
  },
  {
    path: '$.items[10:20]',
    byHand: (given) => listOf(member(given.document, 'items')).slice(10, 20),
  },
  {
    path: '$.items.length()',
    byHand: (given) => listOf(member(given.document, 'items')).length,
  },
];

const asJson = process.argv.includes('--json');
if (!asJson) console.log('        ours      by hand  of hand');
for (const { path, byHand, wanted } of ROWS) {
  const { evaluate } = compilePath(path, { kind: 'path' });
  const expected = byHand(environment);
  if (!isDeepStrictEqual(evaluate(environment), expected)) throw new Error(`wrong: ${path}`);
  const oursUs = callUs(() => evaluate(environment));
  const byHandUs = callUs(() => byHand(environment));
  const ratio = oursUs / byHandUs;
  if (asJson) console.log(JSON.stringify({ path, oursUs, byHandUs, ratio, wanted }));
  else {
    const verdict = wanted === undefined ? '' : `  (wanted ${wanted}x)${ratio > wanted ? ' TOO SLOW' : ''}`;
    console.log(`${us(oursUs)} ${us(byHandUs)} ${times(ratio)}  ${path}${verdict}`);
  }
}
