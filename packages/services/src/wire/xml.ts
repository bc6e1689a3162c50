import { setOwn, type Json, type JsonObject } from '@stepyard/asl';

interface Frame {
  readonly name: string;
  readonly children: [string, Json][];
  text: string;
}

/**
 * Reads the small XML that this yard's own services write (no attributes of interest, no comments, no CDATA) in the conventions of
 * the query protocol: `member` elements make a list, `entry` elements with `key` and `value` a map, any other an object.
 */
export function readQueryXml(xml: string): JsonObject {
  const root: Frame = { name: '', children: [], text: '' };
  const stack: Frame[] = [root];
  for (const [, closing, name = '', selfClosing, text] of xml.matchAll(
    /<(\/?)([\w:]+)[^>]*?(\/?)>|([^<]+)/gu,
  )) {
    const top = stack.at(-1) ?? root;
    if (text !== undefined) top.text += text;
    else if (closing === '/') {
      stack.pop();
      stack.at(-1)?.children.push([top.name, value(top)]);
    } else if (selfClosing === '/') top.children.push([name, '']);
    else stack.push({ name, children: [], text: '' });
  }
  return members(root.children);
}

function value(frame: Frame): Json {
  const [first] = frame.children;
  if (first === undefined) return unescapeXml(frame.text);
  if (first[0] === 'member') return frame.children.map(([, item]) => item);
  if (first[0] === 'entry') {
    const map: Record<string, Json> = {};
    for (const [, entry] of frame.children) {
      const { key, value: inner } = entry as { key: string; value: Json };
      setOwn(map, key, inner);
    }
    return map;
  }
  return members(frame.children);
}

function members(children: readonly [string, Json][]): JsonObject {
  const object: Record<string, Json> = {};
  for (const [name, inner] of children) setOwn(object, name, inner);
  return object;
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
