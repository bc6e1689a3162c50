import { apply } from '../apply.ts';
import type { Eval } from '../fn.ts';
import { Fn, NativeFn } from '../fn.ts';
import type { Frame } from '../frame.ts';
import { JsonataError } from '../jsonata-error.ts';
import type { Node } from '../node.ts';
import { required } from '../node.ts';
import { allStrings, isObjectValue } from '../operations.ts';
import { compileSignature } from '../signature.ts';
import type { Value } from '../value.ts';
import { isArrayValue, Made, setMember } from '../value.ts';
import type { Compile } from './compile.ts';

const SIGNATURE = compileSignature('<(oa):o>');

/** Compiles `|pattern|update, delete|`: a function that gives a changed copy of its argument. */
export function compileTransform(node: Node, compile: Compile): Eval {
  const pattern = compile(required(node.pattern, 'pattern'));
  const update = compile(required(node.update, 'update'));
  const remove = node.delete && compile(node.delete);
  return (_input, frame) =>
    new NativeFn(
      1,
      ([value]) => {
        if (value === undefined) return undefined;
        const clone = frame.lookup('clone');
        if (!(clone instanceof Fn)) throw new JsonataError('T2013');
        const copy = apply(clone, [value], null, frame);
        const matches = pattern(copy, frame);
        for (const match of isArrayValue(matches) ? matches : [matches]) {
          if (match !== undefined) change(match, update, remove, frame);
        }
        return copy;
      },
      SIGNATURE,
    );
}

function change(match: Value, update: Eval, remove: Eval | undefined, frame: Frame): void {
  const members = update(match, frame);
  if (members !== undefined) {
    if (!isObjectValue(members)) throw new JsonataError('T2011', { value: members });
    // Only the copy is written to: anything else that a pattern finds is not of our making.
    if (match instanceof Made) for (const key of Object.keys(members)) setMember(match, key, members[key]);
  }
  const names = remove?.(match, frame);
  if (names === undefined) return;
  const list = isArrayValue(names) ? names : [names];
  if (!allStrings(list)) throw new JsonataError('T2012', { value: names });
  if (match instanceof Made) for (const name of list) delete match[name];
}
