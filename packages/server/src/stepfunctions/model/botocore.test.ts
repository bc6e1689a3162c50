/** The constraints of requests, held against botocore's model of the API where boto3 is installed (`.ci/run` does it). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INPUT_SHAPES } from './input-shapes.ts';

interface TheirShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly required?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
}

interface TheirModel {
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, TheirShape>>;
}

const SCRIPT = `
import json
from botocore.loaders import Loader
model = Loader().load_service_model("stepfunctions", "service-2")
inputs = {name: operation["input"]["shape"] for name, operation in model["operations"].items()}
print(json.dumps({"operations": inputs, "shapes": model["shapes"]}))
`;
const KINDS: Readonly<Record<string, string>> = {
  integer: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
};

const own = join(import.meta.dirname, '../../../../../.stepyard/tools/bin/python3');
const { stdout, status } = spawnSync(existsSync(own) ? own : 'python3', ['-c', SCRIPT], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});

/** Where our shape of a request differs from theirs, by the path of the member. */
function differences(model: TheirModel, theirName: string, ourName: string, at: string): string[] {
  const theirs = model.shapes[theirName];
  const ours = INPUT_SHAPES.shapes[ourName];
  if (theirs === undefined || ours === undefined) return [`${at}: there is no shape`];
  const told = (name: string, our: unknown, their: unknown): string[] =>
    JSON.stringify(our) === JSON.stringify(their)
      ? []
      : [`${at}: ${name} is ${JSON.stringify(our)}, not ${JSON.stringify(their)}`];
  const found = told('kind', ours.kind, KINDS[theirs.type] ?? theirs.type);
  if (ours.kind === 'string' || ours.kind === 'number' || ours.kind === 'list') {
    found.push(...told('min', ours.min, theirs.min), ...told('max', ours.max, theirs.max));
  }
  if (ours.kind === 'string') {
    found.push(
      ...told('pattern', ours.pattern, theirs.pattern),
      ...told('values', ours.values?.toSorted(), theirs.enum?.toSorted()),
      // Models become stricter over time; ours hides all that any of them does.
      ...told('hidden', ours.sensitive === true || theirs.sensitive !== true, true),
    );
  }
  if (ours.kind === 'list') {
    found.push(...differences(model, theirs.member?.shape ?? '', ours.member, `${at}[]`));
  }
  if (ours.kind !== 'structure') return found;
  const members = Object.entries(theirs.members ?? {});
  return [
    ...found,
    ...told('members', Object.keys(ours.members).toSorted(), members.map(([name]) => name).toSorted()),
    ...told('required', (ours.required ?? []).toSorted(), (theirs.required ?? []).toSorted()),
    ...members.flatMap(([name, { shape }]) =>
      differences(model, shape, ours.members[name] ?? '', `${at}.${name}`),
    ),
  ];
}

test.skipIf(status !== 0)(
  'members, lengths, ranges, patterns and values are those of botocore (skipped where it is not installed: pip install boto3)',
  () => {
    const theirs = JSON.parse(stdout) as TheirModel;
    const operations = Object.entries(theirs.operations);
    expect(Object.keys(INPUT_SHAPES.operations).toSorted()).toEqual(
      operations.map(([name]) => name).toSorted(),
    );
    const found = operations.flatMap(([name, input]) =>
      differences(theirs, input, INPUT_SHAPES.operations[name] ?? '', name),
    );
    expect(found).toEqual([]);
  },
);
