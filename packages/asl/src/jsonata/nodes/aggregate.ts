import type { Eval } from '../fn.ts';
import { SLOW } from '../fn.ts';
import type { Frame } from '../frame.ts';
import type { Node } from '../node.ts';
import type { Value, ValueArray, ValueObject } from '../value.ts';
import { isArrayValue, isCons } from '../value.ts';
import { compileChain, MANY } from './chain.ts';
import type { Compile } from './compile.ts';
import { holdsType } from './compile.ts';
import { isGuarded } from './member.ts';
import type { Test } from './predicate.ts';
import { compileTest, onlyName, scalarOf } from './predicate.ts';

/** Functions that need only the sum and the number of what a path finds; each gets them, and gives the result. */
const AGGREGATES: Readonly<Record<string, (sum: number, count: number) => Value>> = {
  sum: (sum, count) => (count === 0 ? undefined : sum),
  average: (sum, count) => (count === 0 ? undefined : sum / count),
};

/**
 * Compiles `$sum(a.b[c = 'd'].e)` and its like to one loop that makes no sequence. It gives SLOW when it comes upon
 * anything but numbers in objects in one array: nothing has happened then, and the call is evaluated as any other.
 */
export function compileAggregate(name: string, argument: Node, compile: Compile): Eval | undefined {
  const finish = Object.hasOwn(AGGREGATES, name) ? AGGREGATES[name] : undefined;
  const steps = argument.type === 'path' ? (argument.steps ?? []) : [];
  if (finish === undefined || !isPlainPath(argument)) return undefined;
  const last = steps.at(-1);
  const listed = steps.at(-2);
  const wanted = last && onlyName(last);
  if (listed === undefined || wanted === undefined || isGuarded(wanted)) return undefined;
  // The step before the last, without its predicate, ends the way to the array.
  const { stages = [], ...bare } = listed;
  const way = [...steps.slice(0, -2), bare];
  const chain = compileChain(way, compile);
  if (chain?.length !== way.length || way.length < 2) return undefined;
  const condition = stages.length === 0 ? undefined : compileCondition(stages, compile);
  if (stages.length > 0 && condition === undefined) return undefined;
  return loop(chain.read, condition ?? ALWAYS, wanted, finish);
}

function isPlainPath(node: Node): boolean {
  return (
    !node.predicate &&
    !node.group &&
    !node.keepArray &&
    !node.keepSingletonArray &&
    !node.tuple &&
    !node.stages
  );
}

/** What an item must meet: a member that is the literal, or any test. */
interface Condition {
  readonly member: string | undefined;
  readonly literal: Value;
  readonly test: Test | undefined;
}

const ALWAYS: Condition = { member: undefined, literal: undefined, test: undefined };

function compileCondition(stages: NonNullable<Node['stages']>, compile: Compile): Condition | undefined {
  const [stage, ...more] = stages;
  const predicate = stage?.expr;
  // It may be evaluated twice: what calls a function could notice.
  if (predicate === undefined || more.length > 0 || !isPure(predicate)) return undefined;
  const test = compileTest(predicate, compile);
  if (test === undefined) return undefined;
  const { lhs, rhs } = predicate;
  if (predicate.value === '=' && lhs !== undefined && 'type' in lhs && rhs !== undefined) {
    const member = onlyName(lhs);
    const literal = scalarOf(rhs);
    if (member !== undefined && literal !== undefined && !isGuarded(member))
      return { member, literal, test: undefined };
  }
  return { member: undefined, literal: undefined, test };
}

const IMPURE = ['function', 'bind', 'apply', 'partial', 'lambda', 'transform'];

function isPure(node: Node): boolean {
  return !IMPURE.some((type) => holdsType(node, type));
}

function loop(
  read: Eval,
  condition: Condition,
  wanted: string,
  finish: (sum: number, count: number) => Value,
): Eval {
  const { member, literal, test } = condition;
  return (input, frame) => {
    const items = read(input, frame);
    if (items === MANY || !isArrayValue(items) || isCons(items)) return SLOW;
    frame.run.spend(items.length);
    if (member !== undefined) return sumWhereEqual(items, member, literal, wanted, finish);
    return sumWhere(items, test, wanted, frame, finish);
  };
}

function sumWhereEqual(
  items: ValueArray,
  member: string,
  literal: Value,
  wanted: string,
  finish: (sum: number, count: number) => Value,
): Value {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (!isRecord(item)) return SLOW;
    if (item[member] !== literal) continue;
    const value = item[wanted];
    if (typeof value !== 'number') {
      if (value === undefined) continue;
      return SLOW;
    }
    sum += value;
    count++;
  }
  return finish(sum, count);
}

function sumWhere(
  items: ValueArray,
  test: Test | undefined,
  wanted: string,
  frame: Frame,
  finish: (sum: number, count: number) => Value,
): Value {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (!isRecord(item)) return SLOW;
    if (test !== undefined && !test(item, frame)) continue;
    const value = item[wanted];
    if (typeof value !== 'number') {
      if (value === undefined) continue;
      return SLOW;
    }
    sum += value;
    count++;
  }
  return finish(sum, count);
}

/** No scalar and no array; of a function value the names that are read find nothing. */
function isRecord(value: Value): value is ValueObject {
  return typeof value === 'object' && value !== null && !isArrayValue(value);
}
