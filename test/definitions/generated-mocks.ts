import type { Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';

/** A place in the data that a definition speaks of, and what it wants to find there. */
interface Node {
  readonly members: Map<string, Node>;
  isArray: boolean;
  leaf: Json | undefined;
}

/**
 * One value in which every path of the definition finds something of the kind that it is used for: a member that a Choice compares with
 * a text is that text, one that a Map goes over an array. It serves as the input and as what every task answers; a path finds it
 * too from any member that it leads through, as ResultPath or ResultSelector may have put a task's answer there.
 */
export function universalValue(definition: Json): JsonObject {
  const root = newNode();
  visit(definition, undefined, root);
  // What nothing more is said of, the items of a list, may be anything that is spoken of elsewhere.
  const plain = toJson(root, 'text');
  const value = toJson(root, plain);
  return isObject(value) ? value : {};
}

/** CloudFormation's placeholders with values of the kind that stands there. */
export function withoutPlaceholders(text: string): string {
  return text
    .replaceAll(/"\$\{[^}"]+\}"/gu, (whole) => JSON.stringify(valueOf(whole.slice(3, -2))))
    .replaceAll(/\$\{(?:AWS::)?Partition\}/gu, 'aws')
    .replaceAll(/\$\{(?:AWS::)?Region\}/gu, 'us-east-1')
    .replaceAll(/\$\{(?:AWS::)?Account(?:Id)?\}/gu, '000000000000')
    .replaceAll(/\$\{([^}"]+)\}/gu, (_, name: string) => name.replaceAll(/\W/gu, ''));
}

function valueOf(name: string): string {
  const word = name.replaceAll(/\W/gu, '');
  if (/queue|url/iu.test(word)) return `https://sqs.us-east-1.amazonaws.com/000000000000/${word}`;
  return `arn:aws:lambda:us-east-1:000000000000:function:${word}`;
}

function newNode(): Node {
  return { members: new Map(), isArray: false, leaf: undefined };
}

/** What the field that holds a path needs to find. */
const WANTED: Readonly<Record<string, Json>> = {
  ItemsPath: [1, 2],
  Items: [1, 2],
  SecondsPath: 1,
  Seconds: 1,
  TimestampPath: '2026-01-01T00:00:30Z',
  Timestamp: '2026-01-01T00:00:30Z',
  TimeoutSecondsPath: 60,
  HeartbeatSecondsPath: 30,
  MaxConcurrencyPath: 2,
  MaxItemsPath: 2,
  ToleratedFailurePercentagePath: 10,
  ToleratedFailureCountPath: 1,
};

function visit(value: Json, field: string | undefined, root: Node): void {
  if (typeof value === 'string') {
    notePaths(value, wantedBy(value, field), root);
    return;
  }
  if (isArray(value)) value.forEach((item) => visit(item, field, root));
  if (!isObject(value)) return;
  const { Variable: variable } = value;
  if (typeof variable === 'string') notePaths(variable, comparedWith(value), root);
  for (const [key, member] of Object.entries(value)) visit(member, key, root);
}

function wantedBy(text: string, field: string | undefined): Json | undefined {
  const wanted = WANTED[field ?? ''];
  if (wanted !== undefined) return wanted;
  if (/States\.Array(?:Length|Unique|Contains|GetItem|Partition)\(\$/u.test(text)) return [1, 2];
  if (text.includes('States.StringToJson')) return '{}';
  if (/States\.(?:MathAdd|MathRandom|ArrayRange)/u.test(text)) return 1;
  const compared = /=\s*(?:'([^']*)'|"([^"]*)"|(\d+))/u.exec(text);
  if (compared === null) return undefined;
  return compared[3] === undefined ? (compared[1] ?? compared[2] ?? '') : Number(compared[3]);
}

/** What the variable of a Choice rule is to be, for the rule to hold. */
function comparedWith(rule: JsonObject): Json | undefined {
  for (const [operator, operand] of Object.entries(rule)) {
    if (/^(?:String|Numeric|Timestamp|Boolean)\w*(?<!Path)$/u.test(operator)) return operand;
    if (operator === 'IsNumeric') return 1;
    if (operator === 'IsBoolean') return true;
    if (operator === 'IsTimestamp') return '2026-01-01T00:00:00Z';
  }
  return undefined;
}

/** `$.a.b[0]`, `$$.Execution.Input.a`, and in JSONata `$states.input.a.b` and `$states.result.a`. */
const PATH =
  /\$(?:\$\.Execution\.Input|states\.(?:input|result|context\.Execution\.Input))?((?:\.[A-Za-z_][\w-]*|\.?\[(?:\d+|\*|'[^']*'|"[^"]*")\])+)/gu;

function notePaths(text: string, wanted: Json | undefined, root: Node): void {
  for (const [, path = ''] of text.matchAll(PATH)) {
    const steps = [...path.matchAll(/\.([A-Za-z_][\w-]*)|\[(?:(\d+|\*)|'([^']*)'|"([^"]*)")\]/gu)].map(
      ([, name, index, single, double]) => (index === undefined ? (name ?? single ?? double ?? '') : '[]'),
    );
    for (let from = 0; from < steps.length; from++) {
      if (from === 0 || steps[from] !== '[]') note(root, steps.slice(from), wanted);
    }
  }
}

function note(root: Node, steps: readonly string[], wanted: Json | undefined): void {
  let node = root;
  for (const step of steps) {
    if (step === '[]') {
      node.isArray = true;
      continue;
    }
    let next = node.members.get(step);
    if (next === undefined) node.members.set(step, (next = newNode()));
    node = next;
  }
  node.leaf ??= wanted;
}

function toJson(node: Node, item: Json): Json {
  const isList = node.isArray || isArray(node.leaf ?? null);
  const members = Array.from(node.members, ([name, member]): [string, Json] => [name, toJson(member, item)]);
  const inside: Json =
    members.length > 0 ? Object.fromEntries(members) : isList ? item : (node.leaf ?? 'text');
  return isList ? [inside, inside] : inside;
}
