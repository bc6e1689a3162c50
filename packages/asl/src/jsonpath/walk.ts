import type { Environment } from '../environment.ts';
import { AslFailure } from '../environment.ts';
import type { Json } from '../json.ts';
import { getOwn, isArray, isInherited, isObject, setOwn } from '../json.ts';
import type { FunctionArgument, PathAst, PathRoot, Segment } from './ast.ts';
import { compileFilter } from './filter.ts';
import { callFunction } from './functions.ts';
import { PATH_STEPS_MAX } from './limits.ts';
import { arrayMiss, objectMiss, PathMiss, pathText } from './miss.ts';

/** One evaluation of a path: what it reads and how much it has looked at. */
export interface Run {
  readonly environment: Environment;
  /** What `$` is: the value that the outermost path started from. */
  readonly root: Json;
  steps: number;
}

type Visit = (value: Json, run: Run, results: Json[]) => void;
/** Finds the value at a path's root; undefined: a variable that no scope has. */
type FindRoot = (run: Run, item: Json) => Json | undefined;

/** Looks a path up: its value (an array for an indefinite path), or a PathMiss thrown. */
export type Lookup = (run: Run, item: Json) => Json;

export function isDefinite(segments: readonly Segment[]): boolean {
  if (segments[0]?.kind === 'scan' && segments.some((segment) => segment.kind === 'function')) return true;
  return segments.every((segment, at) => {
    if (segment.kind === 'properties') return segment.names.length === 1 || at === segments.length - 1;
    return segment.kind === 'function' || (segment.kind === 'indexes' && segment.indexes.length === 1);
  });
}

export function compileLookup(path: PathAst): Lookup {
  const { segments } = path;
  const definite = isDefinite(segments);
  const findRoot = compileRoot(path.root);
  // `$..x.length()`: Jayway applies the function to everything the scan found, not to each of it.
  const functionAt = segments.findIndex((segment) => segment.kind === 'function');
  const inverted = segments[0]?.kind === 'scan' && functionAt > 0;
  const visit = compileSegments(path, inverted ? segments.slice(0, functionAt) : segments);
  const after = inverted ? compileSegments(path, segments.slice(functionAt)) : undefined;
  return (run, item) => {
    const start = findRoot(run, item);
    if (start === undefined) throw new PathMiss(`No results for path: ${pathText(path.root, segments)}`);
    let results: Json[] = [];
    visit(start, run, results);
    if (after !== undefined) {
      const found = results;
      results = [];
      after(found, run, results);
    }
    if (!definite) return results;
    const last = results.at(-1);
    if (last === undefined) throw new PathMiss(`No results for path: ${pathText(path.root, segments)}`);
    return last;
  };
}

function compileRoot(root: PathRoot): FindRoot {
  switch (root.kind) {
    case 'document':
      return (run) => run.root;
    case 'context':
      return (run) => run.environment.context();
    case 'variable':
      return (run) => run.environment.variable(root.name);
    case 'item':
      return (_run, item) => item;
  }
}

const collect: Visit = (value, _run, results) => {
  results.push(value);
};

function compileSegments(path: PathAst, segments: readonly Segment[]): Visit {
  let next: Visit = collect;
  for (let at = segments.length - 1; at >= 0; at--) {
    const before = segments.slice(0, at);
    const place: Place = {
      before: () => pathText(path.root, before),
      upstreamDefinite: isDefinite(before),
      leaf: at === segments.length - 1,
      under: segments[at - 1]?.kind === 'scan',
    };
    const segment = segments[at];
    if (segment === undefined || segment.kind === 'scan') continue;
    next = counted(compileSegment(segment, next, place));
    if (place.under) next = compileScan(segment, next);
  }
  return next;
}

/** Where a segment stands: decides whether a misfit raises (after a definite path) or is passed over. */
interface Place {
  before(): string;
  readonly upstreamDefinite: boolean;
  readonly leaf: boolean;
  readonly under: boolean;
}

function counted(visit: Visit): Visit {
  return (value, run, results) => {
    if (++run.steps > PATH_STEPS_MAX) {
      throw new AslFailure('States.Runtime', `A path looked at more than ${PATH_STEPS_MAX} values.`);
    }
    visit(value, run, results);
  };
}

function compileSegment(segment: Exclude<Segment, { kind: 'scan' }>, next: Visit, place: Place): Visit {
  switch (segment.kind) {
    case 'properties':
      return segment.names.length === 1
        ? compileProperty(segment.names[0] ?? '', next, place)
        : compileProperties(segment.names, next, place);
    case 'indexes':
      return compileIndexes(segment.indexes, next, place);
    case 'slice':
      return compileSlice(segment, next, place);
    case 'wildcard':
      return (value, run, results) => {
        if (isArray(value)) for (const item of value) next(item, run, results);
        else if (isObject(value)) for (const item of Object.values(value)) next(item, run, results);
      };
    case 'filter':
      return compileFilterStep(segment, next, place);
    case 'function':
      return compileFunction(segment, next, place);
  }
}

function compileProperty(name: string, next: Visit, place: Place): Visit {
  const inherited = isInherited(name);
  return (value, run, results) => {
    if (!isObject(value)) {
      if (place.upstreamDefinite) throw objectMiss([name], place.before(), value);
      return;
    }
    const found = inherited ? getOwn(value, name) : value[name];
    if (found !== undefined) next(found, run, results);
    else if (!place.leaf && place.upstreamDefinite) {
      throw new PathMiss(`Missing property in path ${place.before()}['${name}']`);
    }
  };
}

/** `['a','b']`: at the end of a path an object of those that exist; before the end one visit for each. */
function compileProperties(names: readonly string[], next: Visit, place: Place): Visit {
  return (value, run, results) => {
    if (!isObject(value)) {
      if (place.upstreamDefinite) throw objectMiss(names, place.before(), value);
      return;
    }
    if (!place.leaf) {
      for (const name of names) {
        const found = getOwn(value, name);
        if (found !== undefined) next(found, run, results);
      }
      return;
    }
    const merged: Record<string, Json> = {};
    for (const name of names) {
      const found = getOwn(value, name);
      if (found !== undefined) setOwn(merged, name, found);
    }
    next(merged, run, results);
  };
}

function arrayOf(value: Json, place: Place, what: string): readonly Json[] | undefined {
  if (isArray(value)) return value;
  if (place.upstreamDefinite) throw arrayMiss(what, place.before(), value);
  return undefined;
}

function compileIndexes(indexes: readonly number[], next: Visit, place: Place): Visit {
  const what = `[${indexes.join(',')}]`;
  return (value, run, results) => {
    const items = arrayOf(value, place, what);
    if (items === undefined) return;
    for (const index of indexes) {
      const found = items[index < 0 ? items.length + index : index];
      if (found !== undefined) next(found, run, results);
    }
  };
}

/** Jayway's slices: between two ends a negative start walks on through zero, so `[-4:1]` goes round the end of the array. */
function compileSlice(
  slice: { from: number | undefined; to: number | undefined },
  next: Visit,
  place: Place,
): Visit {
  const what = `[${slice.from ?? ''}:${slice.to ?? ''}]`;
  return (value, run, results) => {
    const items = arrayOf(value, place, what);
    if (items === undefined) return;
    const { length } = items;
    let from = slice.from ?? 0;
    let to = Math.min(length, slice.to ?? length);
    if (slice.to === undefined) from = Math.max(0, from < 0 ? length + from : from);
    else if (slice.from === undefined && to < 0) to = length + to;
    for (let index = Math.max(from, -length); index < to; index++) {
      const found = items[index < 0 ? length + index : index];
      if (found !== undefined) next(found, run, results);
    }
  };
}

function compileFilterStep(segment: Extract<Segment, { kind: 'filter' }>, next: Visit, place: Place): Visit {
  const accepts = compileFilter(segment.condition, compileLookup);
  return (value, run, results) => {
    if (isArray(value)) {
      for (const item of value) if (accepts(run, item)) next(item, run, results);
    } else if (isObject(value)) {
      if (accepts(run, value)) next(value, run, results);
    } else if (place.upstreamDefinite) {
      throw arrayMiss('[?]', place.before(), value);
    }
  };
}

function compileFunction(segment: Extract<Segment, { kind: 'function' }>, next: Visit, place: Place): Visit {
  const args = segment.args.map(compileArgument);
  return (value, run, results) => {
    const found = callFunction(
      segment.name,
      value,
      args.map((argument) => argument(run, value)),
    );
    if (found !== undefined) next(found, run, results);
    else if (place.upstreamDefinite)
      throw new PathMiss(`${segment.name}() cannot be applied to ${place.before()}`);
  };
}

function compileArgument(argument: FunctionArgument): (run: Run, item: Json) => Json {
  if (argument.kind === 'literal') return () => argument.value;
  return compileLookup(argument.path);
}

/** Whether a scan stops at a value: Jayway asks this before it applies the next segment there. */
function fitsScan(segment: Segment): (value: Json, run: Run) => boolean {
  switch (segment.kind) {
    case 'properties':
      return (value) => isObject(value) && segment.names.every((name) => Object.hasOwn(value, name));
    case 'indexes':
    case 'slice':
      return isArray;
    case 'filter': {
      const accepts = compileFilter(segment.condition, compileLookup);
      return (value, run) => accepts(run, value);
    }
    case 'wildcard':
    case 'scan':
    case 'function':
      return () => true;
  }
}

/** Visits a value and everything below it, parents first; a stack of its own, so that deep data cannot exhaust ours. */
function compileScan(segment: Segment, next: Visit): Visit {
  const fits = fitsScan(segment);
  return (start, run, results) => {
    const stack: Json[] = [start];
    for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
      if (value === null || typeof value !== 'object') continue;
      if (fits(value, run)) next(value, run, results);
      const children = isArray(value) ? value : Object.values(value);
      for (let at = children.length - 1; at >= 0; at--) stack.push(children[at] ?? null);
      run.steps += 1;
    }
  };
}
