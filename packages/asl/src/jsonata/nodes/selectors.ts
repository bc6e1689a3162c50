import type { Eval } from '../fn.ts';
import type { Frame } from '../frame.ts';
import type { Node } from '../node.ts';
import { required } from '../node.ts';
import { isObjectValue } from '../operations.ts';
import type { Compile } from './compile.ts';
import { isGuarded, memberOfAny } from './member.ts';
import type { List, Value } from '../value.ts';
import { add, isArrayValue, isOuter, newList, newSequence, sequenceOf, unwrap } from '../value.ts';

/** Compiles a name: the member of the context. */
export function compileName(node: Node): Eval {
  const name = String(node.value);
  const guarded = isGuarded(name);
  return (input, frame) => memberOfAny(input, name, guarded, frame);
}

export function compileLiteral(node: Node): Eval {
  const { value } = node;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return () => value;
  return () => null;
}

/**
 * Compiles `*`: the values of all members, arrays among them flattened all the way down. With an array among them the result
 * is an array whatever its length, as in the reference implementation.
 */
export function compileWildcard(): Eval {
  return (input, frame) => {
    const value = isOuter(input) && input.length > 0 ? input[0] : input;
    if (!isObjectValue(value) && !isArrayValue(value)) return undefined;
    const members = isArrayValue(value) ? value : Object.values(value);
    const found = newList();
    let isSequence = true;
    for (const member of members) {
      if (isArrayValue(member)) isSequence = false;
      flattenInto(member, found, frame);
    }
    return isSequence ? unwrap(sequenceOf(found)) : found;
  };
}

function flattenInto(value: Value, target: List, frame: Frame): void {
  frame.run.spend(1);
  if (!isArrayValue(value)) {
    add(target, value);
    return;
  }
  for (const item of value) flattenInto(item, target, frame);
}

/** Compiles `**`: the value and everything below it, arrays not themselves but their items. */
export function compileDescendants(): Eval {
  return (input, frame) => {
    if (input === undefined) return undefined;
    const found = newSequence();
    const stack: Value[] = [input];
    while (stack.length > 0) {
      const value = stack.pop();
      frame.run.spend(1);
      if (!isArrayValue(value)) add(found, value);
      const children = isArrayValue(value) ? value : isObjectValue(value) ? Object.values(value) : [];
      for (let at = children.length - 1; at >= 0; at--) stack.push(children[at]);
    }
    return unwrap(found);
  };
}

/** Compiles `%`: the parent that a step of the path before has kept under the slot's label. */
export function compileParent(node: Node): Eval {
  const { label } = required(node.slot, 'slot');
  return (_input, frame) => frame.lookup(label);
}

/** Compiles a variable; `$` is the context. */
export function compileVariable(node: Node, compile: Compile): Eval {
  const name = String(node.value);
  if (name === '') return (input) => (isOuter(input) ? input[0] : input);
  if (!compile.bound.has(name)) return (_input, frame) => frame.run.global(name);
  return (_input, frame) => frame.lookup(name);
}
