import { apply, applyNamed } from '../apply.ts';
import type { Eval, LambdaCode } from '../fn.ts';
import { Fn, Lambda, NativeFn, SLOW, TailCall } from '../fn.ts';
import { FUNCTIONS } from '../functions/registry.ts';
import { Frame } from '../frame.ts';
import { JsonataError } from '../jsonata-error.ts';
import type { Node } from '../node.ts';
import { leftOf, required } from '../node.ts';
import { compileSignature } from '../signature.ts';
import type { Value } from '../value.ts';
import { compileAggregate } from './aggregate.ts';
import type { Compile } from './compile.ts';
import { keepsScope } from './compile.ts';

/** The name by which a call's function is known to error texts. */
function nameOf(procedure: Node): string | undefined {
  const value = procedure.type === 'path' ? procedure.steps?.[0]?.value : procedure.value;
  return typeof value === 'string' ? value : undefined;
}

interface Call {
  readonly procedure: Eval;
  readonly args: readonly Eval[];
  readonly name: string | undefined;
  /** `sum(x)` instead of `$sum(x)`: the name, if that is how the call is written. */
  readonly forgotten: string | undefined;
}

function compileCall(node: Node, compile: Compile): Call {
  const procedure = required(node.procedure, 'procedure');
  const name = nameOf(procedure);
  return {
    procedure: compile(procedure),
    args: required(node.arguments, 'arguments').map((argument) =>
      isPlaceholder(argument) ? () => undefined : compile(argument),
    ),
    name,
    forgotten: procedure.type === 'path' ? name : undefined,
  };
}

function isPlaceholder(node: Node): boolean {
  return node.type === 'operator' && node.value === '?';
}

function targetOf(call: Call, code: 'T1005' | 'T1007', input: Value, frame: Frame): Value {
  const target = call.procedure(input, frame);
  if (target === undefined && call.forgotten !== undefined && frame.lookup(call.forgotten) !== undefined) {
    throw new JsonataError(code, {}, call.forgotten);
  }
  return target;
}

/** Compiles `f(a, b)`. */
export function compileFunctionCall(node: Node, compile: Compile): Eval {
  const call = compileCall(node, compile);
  const procedure = required(node.procedure, 'procedure');
  const name = procedure.type === 'variable' ? String(procedure.value) : '';
  const native = compile.bound.has(name) || procedure.predicate ? undefined : FUNCTIONS.get(name);
  if (native === undefined) return (input, frame) => invoke(call, [], input, frame);
  const evaluate = compileNativeCall(call, name, native);
  const [argument, ...others] = required(node.arguments, 'arguments');
  const aggregate =
    argument === undefined || others.length > 0 ? undefined : compileAggregate(name, argument, compile);
  if (aggregate === undefined) return evaluate;
  return (input, frame) => {
    const result = frame.run.hides(name) ? SLOW : aggregate(input, frame);
    return result === SLOW ? evaluate(input, frame) : result;
  };
}

/** A call of one of the language's own functions, which a variable of the workflow may hide. */
function compileNativeCall(call: Call, name: string, native: NativeFn): Eval {
  const [first, second, ...rest] = call.args;
  const { quick } = native;
  const fits = rest.length === 0 && call.args.length <= native.arity;
  if (quick === undefined || first === undefined || !fits) {
    return (input, frame) => {
      if (frame.run.hides(name)) return invoke(call, [], input, frame);
      const args: Value[] = [];
      for (const argument of call.args) args.push(argument(input, frame));
      return applyNamed(name, native, args, input, frame);
    };
  }
  return (input, frame) => {
    if (frame.run.hides(name)) return invoke(call, [], input, frame);
    const one = first(input, frame);
    const two = second === undefined ? undefined : second(input, frame);
    const result = quick(one, two, frame);
    if (result !== SLOW) return result;
    return applyNamed(name, native, second === undefined ? [one] : [one, two], input, frame);
  };
}

function invoke(call: Call, first: readonly Value[], input: Value, frame: Frame): Value {
  const target = targetOf(call, 'T1005', input, frame);
  const args: Value[] = [...first];
  for (const argument of call.args) args.push(argument(input, frame));
  return applyNamed(call.name, target, args, input, frame);
}

/** Compiles `function($x){…}`. A thunk is the parser's mark of a call in tail position. */
export function compileLambda(node: Node, compile: Compile): Eval {
  const body = required(node.body, 'body');
  if (node.thunk === true) {
    const call = compileCall(body, compile);
    return (input, frame) => {
      const target = targetOf(call, 'T1005', input, frame);
      const args: Value[] = [];
      for (const argument of call.args) args.push(argument(input, frame));
      return new TailCall(target, args, call.name);
    };
  }
  const lambda: LambdaCode = {
    parameters: (node.arguments ?? []).map((parameter) => String(parameter.value)),
    body: compile(body),
    keepsScope: keepsScope(body),
  };
  const signature = node.signature && compileSignature(node.signature.definition);
  return (input, frame) => new Lambda(lambda, input, frame, signature);
}

/** Compiles `f(a, ?)`: a function of the arguments left open. */
export function compilePartial(node: Node, compile: Compile): Eval {
  const call = compileCall(node, compile);
  const open = required(node.arguments, 'arguments').map(isPlaceholder);
  return (input, frame) => {
    const args = call.args.map((argument) => argument(input, frame));
    const target = targetOf(call, 'T1007', input, frame);
    if (target instanceof Lambda) return partialLambda(target, args, open);
    if (target instanceof NativeFn) return partialNative(target, args, open);
    throw new JsonataError('T1008', {}, call.name);
  };
}

function partialLambda(target: Lambda, args: readonly Value[], open: readonly boolean[]): Lambda {
  const scope = new Frame(target.scope.run, target.scope);
  const left: string[] = [];
  for (const [at, name] of target.lambda.parameters.entries()) {
    if (open[at] === true) left.push(name);
    else scope.bind(name, args[at]);
  }
  return new Lambda({ ...target.lambda, parameters: left }, target.context, scope, undefined);
}

function partialNative(target: NativeFn, args: readonly Value[], open: readonly boolean[]): NativeFn {
  const count = open.filter(Boolean).length;
  return new NativeFn(count, (given, focus) => {
    let next = 0;
    return target.native(
      args.map((argument, at) => (open[at] === true ? given[next++] : argument)),
      focus,
    );
  });
}

/** Compiles `a ~> f`: a call with one argument more, a call, or the composition of two functions. */
export function compileApply(node: Node, compile: Compile): Eval {
  const left = compile(leftOf(node));
  const right = required(node.rhs, 'right side');
  if (right.type === 'function') {
    const call = compileCall(right, compile);
    return (input, frame) => invoke(call, [left(input, frame)], input, frame);
  }
  const evaluate = compile(right);
  return (input, frame) => {
    const value = left(input, frame);
    const target = evaluate(input, frame);
    if (!(target instanceof Fn)) throw new JsonataError('T2006', { value: target });
    if (value instanceof Fn) return compose(value, target);
    return apply(target, [value], null, frame);
  };
}

function compose(first: Fn, second: Fn): NativeFn {
  return new NativeFn(1, ([value], focus) =>
    apply(second, [apply(first, [value], null, focus.frame)], null, focus.frame),
  );
}
