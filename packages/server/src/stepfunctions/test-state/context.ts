import { isObject, parseJson, type Json, type JsonObject } from '@stepyard/asl';
import { ApiError } from '../../protocol/api-error.ts';

type Fields = { readonly [name: string]: Fields | 'string' | 'number' | 'any' };

/** The members of a context object (developer guide, "Accessing execution data from the Context object"). */
const CONTEXT: Fields = {
  Execution: {
    Id: 'string',
    Input: 'any',
    Name: 'string',
    RoleArn: 'string',
    StartTime: 'string',
    RedriveCount: 'number',
    RedriveTime: 'string',
  },
  State: { EnteredTime: 'string', Name: 'string', RetryCount: 'number' },
  StateMachine: { Id: 'string', Name: 'string' },
  Task: { Token: 'string' },
  Map: { Item: { Index: 'number', Key: 'string', Value: 'any', Source: 'string' } },
};

/** The `context` of a TestState request. Throws ValidationException as recorded (test_state/state-context-object--*-invalid-*). */
export function readContext(text: string): JsonObject {
  const context = parseJson(text);
  if (!isObject(context)) throw refusal('it must be a JSON object');
  checkFields(context, CONTEXT);
  return context;
}

function checkFields(value: JsonObject, fields: Fields): void {
  for (const [name, member] of Object.entries(value)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) throw refusal(`Field '${name}' is not allowed`);
    checkField(name, member, field);
  }
}

function checkField(name: string, value: Json, field: Fields[string]): void {
  if (field === 'any') return;
  if (typeof field === 'string') {
    if (typeof value !== field) throw refusal(`Field '${name}' must be a ${field}`);
  } else if (isObject(value)) checkFields(value, field);
  else throw refusal(`Field '${name}' must be an object`);
}

function refusal(what: string): ApiError {
  return new ApiError('ValidationException', `Invalid Context object provided: ${what}`);
}
