import { isObject, parseJson } from '@stepyard/asl';

/** The value of a key attribute in an item's JSON, which has DynamoDB's own notation: `{"id":{"S":"a"}}` -> `a`. */
export function keyText(item: string, name: string): string {
  const value = parseJson(item);
  const attribute = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (!isObject(attribute)) return '';
  const [text] = Object.values(attribute);
  return typeof text === 'string' ? text : '';
}
