/**
 * JSONata: ours against the `jsonata` package's evaluation of a parsed expression, and against JavaScript written by hand.
 * `node bench/jsonata.ts [--json]`. Every result is checked; the times are CPU time, the ratios medians.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Environment, Json } from '@stepyard/asl';
import { compileJsonata } from '@stepyard/asl';
import jsonata from 'jsonata';
import { callUs, callUsAsync, times, us } from './measure.ts';

interface Item {
  readonly status: string;
  readonly amount: number;
}

const items: readonly Item[] = Array.from({ length: 100 }, (_, at) => ({
  status: at % 2 === 1 ? 'OPEN' : 'X',
  amount: at,
}));
const input = {
  n: 1,
  i: 5,
  name: 'Ada',
  tags: ['a', 'b', 'c'],
  order: { id: 'o-1', customer: { address: { city: 'Ulm' } } },
  items: items.map((item) => ({ ...item })),
};
const i = 5;

interface Row {
  readonly text: string;
  readonly byHand: () => Json;
  /** What issue 3 asks for; undefined where it asks for nothing. */
  readonly wanted?: number;
}

const ROWS: readonly Row[] = [
  { text: '$states.input.n + 1', byHand: () => input.n + 1, wanted: 20 },
  { text: '$i < 1000', byHand: () => i < 1000, wanted: 20 },
  {
    text: '$merge([$states.input, {"r": true}])',
    byHand: () => ({ ...input, r: true }),
    wanted: 20,
  },
  {
    text: "$sum($states.input.items[status='OPEN'].amount)",
    byHand: () => items.filter((item) => item.status === 'OPEN').reduce((sum, item) => sum + item.amount, 0),
    wanted: 100,
  },
  { text: '$states.input.order.customer.address.city', byHand: () => input.order.customer.address.city },
  {
    text: '$states.input.name & "-" & $states.input.order.id',
    byHand: () => `${input.name}-${input.order.id}`,
  },
  {
    text: '$states.input.n = 1 and $states.input.name != "Bob"',
    byHand: () => input.n === 1 && input.name !== 'Bob',
  },
  { text: '$states.input.n > 0 ? "some" : "none"', byHand: () => (input.n > 0 ? 'some' : 'none') },
  { text: '$count($states.input.items)', byHand: () => items.length },
  { text: '$exists($states.input.gone)', byHand: () => 'gone' in input },
  { text: '$string($states.input.n)', byHand: () => String(input.n) },
  { text: '"b" in $states.input.tags', byHand: () => input.tags.includes('b') },
  { text: '$join($states.input.tags, ",")', byHand: () => input.tags.join(',') },
  { text: '$append($states.input.tags, "d")', byHand: () => [...input.tags, 'd'] },
  {
    text: '{"id": $states.input.order.id, "who": $states.input.name, "n": $states.input.n * 2}',
    byHand: () => ({ id: input.order.id, who: input.name, n: input.n * 2 }),
  },
  { text: '$states.input.items.amount', byHand: () => items.map((item) => item.amount) },
  { text: '[$states.input.items.amount]', byHand: () => items.map((item) => item.amount) },
  {
    text: '$states.input.items[amount > 90]',
    byHand: () => items.filter((item) => item.amount > 90).map((item) => ({ ...item })),
  },
  {
    text: '$states.input.items.{"s": status, "a": amount + 1}',
    byHand: () => items.map((item) => ({ s: item.status, a: item.amount + 1 })),
  },
  {
    text: '$map($states.input.items, function($v) { $v.amount * 2 })',
    byHand: () => items.map((item) => item.amount * 2),
  },
  {
    text: '$filter($states.input.items, function($v) { $v.status = "OPEN" }).amount',
    byHand: () => items.filter((item) => item.status === 'OPEN').map((item) => item.amount),
  },
  {
    text: '$reduce($states.input.items.amount, function($sum, $v) { $sum + $v })',
    byHand: () => items.map((item) => item.amount).reduce((sum, amount) => sum + amount),
  },
  {
    text: '$states.input.items^(>amount)[0].amount',
    byHand: () => items.toSorted((a, b) => b.amount - a.amount)[0]?.amount ?? null,
  },
  {
    text: '$states.input.items{status: $sum(amount)}',
    byHand: () => {
      const sums: Record<string, number> = {};
      for (const item of items) sums[item.status] = (sums[item.status] ?? 0) + item.amount;
      return sums;
    },
  },
  {
    text: '($open := $states.input.items[status = "OPEN"]; $count($open) + $sum($open.amount))',
    byHand: () => {
      const open = items.filter((item) => item.status === 'OPEN');
      return open.length + open.reduce((sum, item) => sum + item.amount, 0);
    },
  },
];

const environment: Environment = {
  document: {},
  states: { input },
  context: () => ({}),
  variable: (name) => (name === 'i' ? i : undefined),
  nowMs: 0,
  random: () => 0.5,
  uuid: () => '00000000-0000-4000-8000-000000000000',
};

interface Measured {
  readonly expression: string;
  readonly packageUs: number;
  readonly oursUs: number;
  readonly byHandUs: number;
  readonly ratio: number;
  readonly wanted: number | undefined;
}

async function measure(row: Row): Promise<Measured> {
  const reference = jsonata(row.text);
  const bindings = { states: { input }, i };
  const program = compileJsonata(row.text);
  const expected = row.byHand();
  if (!isDeepStrictEqual(program.evaluate(environment), expected)) throw new Error(`wrong: ${row.text}`);
  const packageUs = await callUsAsync(async () => reference.evaluate(undefined, bindings));
  const oursUs = callUs(() => program.evaluate(environment));
  const byHandUs = callUs(row.byHand);
  return {
    expression: row.text,
    packageUs,
    oursUs,
    byHandUs,
    ratio: packageUs / oursUs,
    wanted: row.wanted,
  };
}

const asJson = process.argv.includes('--json');
const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
if (!asJson) console.log('     package         ours      by hand   ratio  of hand');
for (const row of ROWS) {
  if (only !== undefined && !row.text.includes(only)) continue;
  // One after the other: two at a time would disturb each other.
  // oxlint-disable-next-line no-await-in-loop
  const measured = await measure(row);
  if (asJson) console.log(JSON.stringify(measured));
  else {
    const { packageUs, oursUs, byHandUs, ratio, wanted } = measured;
    const verdict = wanted === undefined ? '' : `  (wanted ${wanted}x)${ratio < wanted ? ' TOO SLOW' : ''}`;
    console.log(
      `${us(packageUs)} ${us(oursUs)} ${us(byHandUs)}${times(ratio)} ${times(oursUs / byHandUs)}  ${row.text}${verdict}`,
    );
  }
}
