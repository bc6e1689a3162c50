import type { GraphContainer, GraphEdge, GraphNode } from './graph.ts';

/** How each state type is drawn: what stands around its label. */
const SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  Choice: ['{', '}'],
  Succeed: ['([', '])'],
  Fail: ['([', '])'],
  Wait: ['[/', '/]'],
  Pass: ['(', ')'],
};

/**
 * Writes a graph as a Mermaid flowchart. Node ids are numbers in document order, so that the same definition always gives
 * the same text; labels are escaped, whatever the state's name is.
 */
export function toMermaid(graph: GraphContainer): string {
  const writer = new Writer();
  writer.container(graph, 1);
  return ['flowchart TD', ...writer.lines, ...writer.styles()].join('\n') + '\n';
}

class Writer {
  readonly lines: string[] = [];
  readonly #ids = new Map<string, string>();
  readonly #failed: string[] = [];

  container(container: GraphContainer, depth: number): void {
    const startId = `${this.#id(container.id)}s`;
    this.#line(depth, `${startId}((" "))`);
    for (const node of container.nodes) this.#node(node, depth);
    if (container.start !== undefined) this.#line(depth, `${startId} --> ${this.#id(container.start)}`);
    for (const edge of container.edges) this.#edge(edge, depth);
  }

  /** Failure is shown by colour as well as by the type in the label. */
  styles(): string[] {
    if (this.#failed.length === 0) return [];
    return ['  classDef fail stroke:#b3261e,stroke-width:2px', `  class ${this.#failed.join(',')} fail`];
  }

  #node(node: GraphNode, depth: number): void {
    const id = this.#id(node.id);
    if (node.type === 'Fail') this.#failed.push(id);
    if (node.containers.length === 0) {
      const [open, close] = SHAPES[node.type] ?? ['[', ']'];
      this.#line(depth, `${id}${open}"${label(node)}"${close}`);
      return;
    }
    this.#line(depth, `subgraph ${id}["${label(node)}"]`);
    for (const [index, inner] of node.containers.entries()) {
      if (inner.kind !== 'branch') {
        this.container(inner, depth + 1);
        continue;
      }
      this.#line(depth + 1, `subgraph ${this.#id(inner.id)}b["branch ${index + 1}"]`);
      this.container(inner, depth + 2);
      this.#line(depth + 1, 'end');
    }
    this.#line(depth, 'end');
  }

  #edge(edge: GraphEdge, depth: number): void {
    const from = this.#id(edge.from);
    const to = this.#id(edge.to);
    switch (edge.kind) {
      case 'next':
        return this.#line(depth, `${from} --> ${to}`);
      case 'choice':
        return this.#line(depth, `${from} -->|"rule ${edge.index + 1}"| ${to}`);
      case 'default':
        return this.#line(depth, `${from} -->|"default"| ${to}`);
      case 'catch':
        return this.#line(depth, `${from} -.->|"catch ${edge.index + 1}"| ${to}`);
    }
  }

  #id(pointer: string): string {
    const known = this.#ids.get(pointer);
    if (known !== undefined) return known;
    const id = `n${this.#ids.size}`;
    this.#ids.set(pointer, id);
    return id;
  }

  #line(depth: number, text: string): void {
    this.lines.push('  '.repeat(depth) + text);
  }
}

/** The name, and the type in small letters below it. Everything that could end the label becomes a character entity. */
function label({ name, type }: GraphNode): string {
  const escaped = Array.from(name, (character) =>
    /[\p{L}\p{N} .,:;?!()/_-]/u.test(character) ? character : entity(character),
  );
  return type === ''
    ? escaped.join('')
    : `${escaped.join('')}<br/><small>${type.replaceAll(/\W/gu, '')}</small>`;
}

function entity(character: string): string {
  return `#${character.codePointAt(0) ?? 0x20};`;
}
