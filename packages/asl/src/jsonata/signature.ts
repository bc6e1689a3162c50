import { Fn } from './fn.ts';
import { JsonataError } from './jsonata-error.ts';
import type { Value } from './value.ts';
import { isArrayValue, listOf } from './value.ts';

/** A function's signature (`<s-nn?:s>`): checks and completes the arguments of a call. */
export interface Signature {
  /** The arguments as the function gets them. Throws T0410, T0411, T0412. */
  validate(args: readonly Value[], context: Value): readonly Value[];
}

interface Parameter {
  readonly type: string;
  /** One character class, then `?` or `+`. */
  pattern: string;
  /** `-`: the context stands in for a missing argument. */
  usesContext: boolean;
  subtype: string | undefined;
}

const ANY = '[asnblfom]';
const ITEM_TYPES: Readonly<Record<string, string>> = {
  a: 'arrays',
  b: 'booleans',
  f: 'functions',
  n: 'numbers',
  o: 'objects',
  s: 'strings',
};

/** How many combinations of argument types a signature remembers. */
const PLANS_MAX = 64;

/** Compiles a signature. The parser has checked it already when it comes from a lambda. */
export function compileSignature(definition: string): Signature {
  const parameters = readParameters(definition);
  const pattern = new RegExp(`^${parameters.map((item) => `(${item.pattern})`).join('')}$`);
  // The same types come again and again: what the pattern said of them is kept.
  const plans = new Map<string, Plan>();
  return {
    validate(args, context) {
      let given = '';
      for (const argument of args) given += symbolOf(argument);
      let plan = plans.get(given);
      if (plan === undefined) {
        plan = planFor(parameters, pattern.exec(given), given);
        if (plans.size < PLANS_MAX) plans.set(given, plan);
      }
      return plan.passesAll ? args : completed(parameters, plan.matched, args, context);
    },
  };
}

interface Plan {
  readonly matched: readonly string[];
  /** The function gets the arguments as they are. */
  readonly passesAll: boolean;
}

function planFor(parameters: readonly Parameter[], matched: RegExpExecArray | null, given: string): Plan {
  if (matched === null) throw mismatch(parameters, given);
  const passesAll = parameters.every((parameter, at) => {
    const symbols = matched[at + 1] ?? '';
    if (symbols === '') return !parameter.usesContext;
    return parameter.type !== 'a' || (parameter.subtype === undefined && /^[am]*$/.test(symbols));
  });
  return { matched: [...matched], passesAll };
}

function readParameters(definition: string): Parameter[] {
  const parameters: Parameter[] = [];
  for (let at = 1; at < definition.length && definition[at] !== ':'; at++) {
    const symbol = definition[at] ?? '';
    const last = parameters.at(-1);
    if ('snblo'.includes(symbol)) add(parameters, symbol, `[${symbol}m]`);
    else if (symbol === 'a' || symbol === 'x') add(parameters, symbol, ANY);
    else if (symbol === 'j') add(parameters, symbol, '[asnblom]');
    else if (symbol === 'f') add(parameters, symbol, 'f');
    else if (symbol === '(') {
      const end = closing(definition, at, '(', ')');
      const choice = definition.slice(at + 1, end);
      add(parameters, `(${choice})`, `[${choice}m]`);
      at = end;
    } else if (symbol === '<' && last !== undefined) {
      const end = closing(definition, at, '<', '>');
      last.subtype = definition.slice(at + 1, end);
      at = end;
    } else if (symbol === '-' && last !== undefined) {
      last.usesContext = true;
      last.pattern += '?';
    } else if ((symbol === '?' || symbol === '+') && last !== undefined) {
      last.pattern += symbol;
    }
  }
  return parameters;
}

function add(parameters: Parameter[], type: string, pattern: string): void {
  parameters.push({ type, pattern, usesContext: false, subtype: undefined });
}

function closing(text: string, start: number, open: string, close: string): number {
  let depth = 1;
  let at = start;
  while (depth > 0 && at < text.length) {
    at++;
    if (text[at] === close) depth--;
    else if (text[at] === open) depth++;
  }
  return at;
}

/** One letter for the type of a value; `m` for a missing one. */
function symbolOf(value: Value): string {
  if (value instanceof Fn) return 'f';
  if (typeof value === 'string') return 's';
  if (typeof value === 'number') return 'n';
  if (typeof value === 'boolean') return 'b';
  if (value === undefined) return 'm';
  if (value === null) return 'l';
  return isArrayValue(value) ? 'a' : 'o';
}

function completed(
  parameters: readonly Parameter[],
  matched: readonly string[],
  args: readonly Value[],
  context: Value,
): readonly Value[] {
  const complete: Value[] = [];
  let at = 0;
  for (const [index, parameter] of parameters.entries()) {
    const symbols = matched[index + 1] ?? '';
    if (symbols === '' && parameter.usesContext) {
      if (!new RegExp(parameter.pattern.slice(0, -1)).test(symbolOf(context))) {
        throw new JsonataError('T0411', { value: context, index: at + 1 });
      }
      complete.push(context);
    } else if (symbols === '') {
      complete.push(args[at++]);
    } else {
      // A parameter with `+` takes several.
      for (const symbol of symbols) {
        complete.push(parameter.type === 'a' ? asArray(parameter, symbol, symbols, args[at], at) : args[at]);
        at++;
      }
    }
  }
  return complete;
}

function asArray(parameter: Parameter, symbol: string, symbols: string, argument: Value, at: number): Value {
  if (symbol === 'm') return undefined;
  const { subtype } = parameter;
  if (subtype !== undefined && !fitsItems(subtype, symbol, symbols, argument)) {
    throw new JsonataError('T0412', { value: argument, index: at + 1, type: ITEM_TYPES[subtype] });
  }
  return symbol === 'a' ? argument : listOf(argument);
}

function fitsItems(subtype: string, symbol: string, symbols: string, argument: Value): boolean {
  if (symbol !== 'a') return symbols === subtype;
  if (!isArrayValue(argument)) return false;
  const wanted = subtype.charAt(0);
  for (const item of argument) if (symbolOf(item) !== wanted) return false;
  return true;
}

/** Names the first argument that does not fit. */
function mismatch(parameters: readonly Parameter[], given: string): JsonataError {
  let pattern = '^';
  let good = 0;
  for (const parameter of parameters) {
    pattern += parameter.pattern;
    const matched = new RegExp(pattern).exec(given);
    if (matched === null) break;
    good = matched[0].length;
  }
  return new JsonataError('T0410', { index: good + 1 });
}
