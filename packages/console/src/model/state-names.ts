import { allNodes, parse, type GraphContainer } from '@stepyard/asl';
import { formatJson } from './json-text.ts';

/** The JSON pointer of each state by its name. Names are unique in a machine; of two alike the outer one is meant. */
export function idsByName(graph: GraphContainer): ReadonlyMap<string, string> {
  return new Map(
    allNodes(graph)
      .toReversed()
      .map(({ id, name }) => [name, id]),
  );
}

/** The text of one state in a definition, laid out; undefined when the definition has no such state. */
export function definitionAt(definition: string, pointer: string): string | undefined {
  const parsed = parse(definition);
  if (parsed.definition === undefined) return undefined;
  const { start, end } = parsed.rangeOf(pointer);
  return formatJson(definition.slice(start.offset, end.offset));
}
