import type { Json } from '../json.ts';
import { isArray } from '../json.ts';
import type { PathRoot, Segment } from './ast.ts';

/** A path that found nothing, with Jayway's text for it. Never leaves this folder: the caller's error text wraps it. */
export class PathMiss extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PathMiss';
  }
}

/** The path in brackets, as Jayway prints it: `$['a'][0]['b']`. */
export function pathText(root: PathRoot, segments: readonly Segment[]): string {
  return rootText(root) + segments.map(segmentText).join('');
}

function rootText(root: PathRoot): string {
  switch (root.kind) {
    case 'document':
      return '$';
    case 'context':
      return '$$';
    case 'variable':
      return `$${root.name}`;
    case 'item':
      return '@';
  }
}

function segmentText(segment: Segment): string {
  switch (segment.kind) {
    case 'properties':
      return `[${segment.names.map((name) => `'${name}'`).join(',')}]`;
    case 'indexes':
      return `[${segment.indexes.join(',')}]`;
    case 'slice':
      return `[${segment.from ?? ''}:${segment.to ?? ''}]`;
    case 'wildcard':
      return '[*]';
    case 'scan':
      return '..';
    case 'filter':
      return '[?]';
    case 'function':
      return `.${segment.name}()`;
  }
}

function javaClass(value: Json): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'net.minidev.json.JSONArray';
  if (typeof value === 'string') return 'java.lang.String';
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'java.lang.Integer' : 'java.lang.Double';
  return 'java.util.LinkedHashMap';
}

/** A name was looked up in something that is no object. */
export function objectMiss(names: readonly string[], before: string, value: Json): PathMiss {
  const fragment = `[${names.map((name) => `'${name}'`).join(',')}]`;
  return new PathMiss(
    `Expected to find an object with property ${fragment} in path ${before} but found '${javaClass(value)}'. ` +
      `This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'.`,
  );
}

/** An index, slice or filter was applied to something that is no array. */
export function arrayMiss(what: string, before: string, value: Json): PathMiss {
  if (value === null) return new PathMiss(`The path ${before} is null`);
  return new PathMiss(
    `Filter: ${what} can only be applied to arrays. Current context is: ${JSON.stringify(value)}`,
  );
}
