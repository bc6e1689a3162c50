import { isArray, isObject, type Json } from '@stepyard/asl';

/** JSON text with a space after each comma and colon, as TestState writes values (recordings test_state/*, every array). */
export function spacedJson(value: Json): string {
  if (isArray(value)) return `[${value.map(spacedJson).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${spacedJson(member)}`,
  );
  return `{${members.join(', ')}}`;
}
