import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import type { Commands, EvaluateRequest, ForkRequest } from '@stepyard/console';
import type { ConsoleContext } from './context.ts';
import { nowOf } from './context.ts';
import { evaluate } from './evaluate.ts';
import { textIn } from './members.ts';
import { invalid, Problem } from './problem.ts';

type Command<C extends keyof Commands> = (
  context: ConsoleContext,
  body: JsonObject,
) => Promise<Commands[C]['answer']> | Commands[C]['answer'];

const ADVANCE_MS_MAX = 366 * 86_400_000;

export const COMMANDS: { readonly [C in keyof Commands]: Command<C> } = {
  async fork({ engine }, body) {
    const { executionArn } = await engine.fork(forkRequest(body));
    return { executionArn };
  },

  async advanceClock(context, body) {
    const { clock } = context;
    if (clock === undefined) {
      throw new Problem(
        409,
        'Conflict',
        'Only virtual time can be advanced: start the yard with --manual-time.',
      );
    }
    const byMs = body['byMs'];
    if (typeof byMs !== 'number' || !Number.isInteger(byMs) || byMs < 0 || byMs > ADVANCE_MS_MAX) {
      throw invalid(`byMs is a whole number of milliseconds, at most ${ADVANCE_MS_MAX}.`);
    }
    await clock.advance(byMs);
    return { nowMs: nowOf(context) };
  },

  evaluate: (context, body) => evaluate(evaluateRequest(body), nowOf(context)),
};

function forkRequest(body: JsonObject): ForkRequest {
  return {
    executionArn: required(body, 'executionArn'),
    stateName: required(body, 'stateName'),
    input: required(body, 'input'),
    ...visitIn(body),
    ...optional(body, 'variables'),
    ...optional(body, 'definition'),
    ...optional(body, 'name'),
  };
}

function visitIn({ visit }: JsonObject): { readonly visit?: number } {
  if (visit === undefined) return {};
  if (typeof visit === 'number' && Number.isInteger(visit) && visit > 0) return { visit };
  throw invalid('visit is the id of an event: a whole number above 0.');
}

function evaluateRequest(body: JsonObject): EvaluateRequest {
  const language = required(body, 'language');
  if (language !== 'JSONPath' && language !== 'JSONata') throw invalid('language is JSONPath or JSONata.');
  return {
    language,
    expression: required(body, 'expression'),
    input: required(body, 'input'),
    ...optional(body, 'result'),
    ...optional(body, 'errorOutput'),
    ...optional(body, 'variables'),
    ...optional(body, 'context'),
  };
}

function required(body: JsonObject, name: string): string {
  const value = textIn(body, name);
  if (value === null) throw invalid(`The request needs ${name}, a text.`);
  return value;
}

function optional<Name extends string>(body: JsonObject, name: Name): { readonly [N in Name]?: string } {
  const value = textIn(body, name);
  if (value !== null) return { [name]: value } as { readonly [N in Name]?: string };
  if (body[name] !== undefined) throw invalid(`${name} is a text.`);
  return {};
}

/** The body of a command. */
export function bodyOf(value: Json): JsonObject {
  if (isObject(value)) return value;
  throw invalid('The request is a JSON object.');
}
