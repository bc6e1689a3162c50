import { isIntrinsic, parseIntrinsic } from '../intrinsics/parse.ts';
import type { Argument, Call } from '../intrinsics/parse.ts';

type Type = 'any' | 'number' | 'string' | 'other';

/** Arguments that each function takes; `rest`: any number more of that type. 'other': an array or object, never a literal. */
interface Signature {
  readonly least: number;
  readonly types: readonly Type[];
  readonly rest?: Type;
}

const SIGNATURES: Readonly<Record<string, Signature>> = {
  'States.Array': { least: 0, types: [], rest: 'any' },
  'States.ArrayContains': { least: 2, types: ['other', 'any'] },
  'States.ArrayGetItem': { least: 2, types: ['other', 'number'] },
  'States.ArrayLength': { least: 1, types: ['other'] },
  'States.ArrayPartition': { least: 2, types: ['other', 'number'] },
  'States.ArrayRange': { least: 3, types: ['number', 'number', 'number'] },
  'States.ArrayUnique': { least: 1, types: ['other'] },
  'States.Base64Decode': { least: 1, types: ['string'] },
  'States.Base64Encode': { least: 1, types: ['string'] },
  'States.Format': { least: 1, types: ['string'], rest: 'any' },
  'States.Hash': { least: 2, types: ['any', 'string'] },
  'States.JsonMerge': { least: 3, types: ['other', 'other', 'any'] },
  'States.JsonToString': { least: 1, types: ['any'] },
  'States.MathAdd': { least: 2, types: ['number', 'number'] },
  'States.MathRandom': { least: 2, types: ['number', 'number', 'number'] },
  'States.StringSplit': { least: 2, types: ['string', 'string'] },
  'States.StringToJson': { least: 1, types: ['string'] },
  'States.UUID': { least: 0, types: [] },
};

/**
 * A backslash before anything but a quote, a brace or a backslash (recording
 * `scenarios/*escape-sequences-illegal-intrinsic*`: AWS refuses `\\"`).
 */
const ILLEGAL_ESCAPE = /(?<!\\)(?:\\\\)*(\\[^'{}\\])/u;

/** What is wrong with the arguments of an intrinsic call whose syntax is right; undefined: nothing, or it is no call. */
export function checkIntrinsic(text: string): string | undefined {
  if (!isIntrinsic(text)) return undefined;
  const escape = ILLEGAL_ESCAPE.exec(text)?.[1];
  if (escape !== undefined) return `the escape ${escape} is not known`;
  return checkCall(parseIntrinsic(text));
}

function checkCall(call: Call): string | undefined {
  const signature = Object.hasOwn(SIGNATURES, call.name) ? SIGNATURES[call.name] : undefined;
  if (signature === undefined) return undefined;
  const { least, types, rest } = signature;
  if (call.args.length < least) return `${call.name} needs ${least} arguments, found ${call.args.length}`;
  if (rest === undefined && call.args.length > types.length) {
    return `${call.name} takes ${types.length} arguments, found ${call.args.length}`;
  }
  for (const [index, argument] of call.args.entries()) {
    const error = checkArgument(call.name, index, argument, types[index] ?? rest ?? 'any');
    if (error !== undefined) return error;
  }
  return undefined;
}

function checkArgument(name: string, index: number, argument: Argument, type: Type): string | undefined {
  if (argument.kind === 'call') return checkCall(argument);
  if (argument.kind === 'path' || type === 'any' || argument.value === null) return undefined;
  const actual = argument.kind === 'text' ? 'string' : typeof argument.value;
  return actual === type ? undefined : `argument ${index + 1} of ${name} must not be a ${actual}`;
}
