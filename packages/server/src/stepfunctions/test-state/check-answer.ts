import { isArray, isObject, type Json } from '@stepyard/asl';
import { ApiError } from '../../protocol/api-error.ts';
import type { Model, Range } from './service-models.ts';

/** STRICT: what the model requires must be there. PRESENT: what is there must be right. NONE: anything is. */
export type ValidationMode = 'STRICT' | 'PRESENT' | 'NONE';

/**
 * Checks a mocked result against the model of the service's answer. Members that the model does not have are accepted.
 * Throws ValidationException as recorded (test_state/field-validation-mode-*).
 */
export function checkAnswer(model: Model, value: Json, mode: ValidationMode, field = ''): void {
  switch (model.kind) {
    case 'any':
      return;
    case 'string':
      if (typeof value !== 'string') throw refusal(`Field '${field}' must be a string`);
      if (model.values !== undefined && !model.values.includes(value)) {
        throw refusal(`Field '${field}' is not an expected value`);
      }
      return;
    case 'blob':
      if (typeof value !== 'string') throw refusal(`Field '${field}' must be a string`);
      checkLength(field, Buffer.byteLength(value, 'base64'), model.length);
      return;
    case 'number':
      if (typeof value !== 'number') throw refusal(`Field '${field}' must be a number`);
      if (value < (model.range?.min ?? -Infinity))
        throw refusal(`Field '${field}' is less than the minimum value`);
      if (value > (model.range?.max ?? Infinity)) throw refusal(`Field '${field}' exceeds the maximum value`);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') throw refusal(`Field '${field}' must be a boolean`);
      return;
    case 'list':
      if (!isArray(value)) throw refusal(`Field '${field}' must be an array`);
      for (const item of value) checkAnswer(model.member(), item, mode, field);
      return;
    case 'map':
      if (!isObject(value)) throw refusal(`Field '${field}' must be an object`);
      for (const [name, item] of Object.entries(value)) checkAnswer(model.member(), item, mode, name);
      return;
    case 'structure':
      if (!isObject(value))
        throw refusal(field === '' ? 'Result must be an object' : `Field '${field}' must be an object`);
      for (const name of mode === 'STRICT' ? model.required : []) {
        if (!Object.hasOwn(value, name)) throw refusal(`Required field '${name}' is missing`);
      }
      for (const [name, item] of Object.entries(value)) {
        const member = model.members.get(name);
        if (member !== undefined && item !== null) checkAnswer(member(), item, mode, name);
      }
  }
}

function checkLength(field: string, length: number, range: Range | undefined): void {
  if (length < (range?.min ?? 0)) throw refusal(`Field '${field}' is smaller than the minimum length`);
  if (length > (range?.max ?? Infinity)) throw refusal(`Field '${field}' exceeds the maximum length`);
}

function refusal(text: string): ApiError {
  return new ApiError('ValidationException', `Mock result schema validation error: ${text}`);
}
