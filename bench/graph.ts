/**
 * Drawing: the layout of 500 states, in milliseconds of CPU time against the 5 that it may take, and the whole picture against
 * Mermaid's text, which places nothing: `node bench/graph.ts`.
 */
import type { Json } from '@stepyard/asl';
import { graphOf, layoutOf, toMermaid, toSvg } from '@stepyard/asl';
import { callUs } from './measure.ts';

const STATES = 500;
const LIMIT_MS = 5;
const WARM_UP = 60;

type States = Record<string, Json>;

const machine = (all: States): Json => ({ StartAt: Object.keys(all)[0] ?? '', States: all });
const name = (index: number): string => `State number ${index}`;
const next = (index: number): string => name(Math.min(index + 1, STATES - 1));
const failed = [{ ErrorEquals: ['States.ALL'], Next: name(STATES - 1) }];

/** `STATES` states, each made from its index; the last is where catchers lead. */
function states(make: (index: number) => Json): States {
  const all: States = {};
  for (let index = 0; index < STATES - 1; index += 1) all[name(index)] = make(index);
  all[name(STATES - 1)] = { Type: 'Fail' };
  return all;
}

function nested(): Json {
  const branch = (at: number): Json =>
    machine({
      [name(at)]: { Type: 'Pass', Next: name(at + 1) },
      [name(at + 1)]: { Type: 'Pass', End: true },
    });
  const all: States = {};
  for (let index = 0; index < STATES; index += 5) {
    const after = index + 5 < STATES ? { Next: name(index + 5) } : { End: true };
    all[name(index)] = { Type: 'Parallel', Branches: [branch(index + 1), branch(index + 3)], ...after };
  }
  return machine(all);
}

const SHAPES: Readonly<Record<string, Json>> = {
  'a sequence': machine(states((index) => ({ Type: 'Task', Next: next(index) }))),
  'each with a catcher': machine(states((index) => ({ Type: 'Task', Next: next(index), Catch: failed }))),
  'choices and loops': machine(
    states((index) =>
      index % 5 === 4
        ? { Type: 'Choice', Choices: [{ Next: name(index - 4) }], Default: next(index) }
        : { Type: 'Task', Next: next(index), Catch: failed },
    ),
  ),
  'two ways, again and again': machine(
    states((index) =>
      index % 3 === 0
        ? {
            Type: 'Choice',
            Choices: [{ Next: name(index + 1) }],
            Default: name(Math.min(index + 2, STATES - 1)),
          }
        : { Type: 'Pass', Next: name(Math.min(index - (index % 3) + 3, STATES - 1)) },
    ),
  ),
  'parallel states': nested(),
};

// A layout is long: what measures it must not run before the compiler has seen it.
const graphs = Object.values(SHAPES).map((definition) => graphOf(definition));
for (let round = 0; round < WARM_UP; round += 1) for (const graph of graphs) toSvg(graph);

console.log(`${STATES} states             layout ms   of ${LIMIT_MS} ms   picture ms   to Mermaid's text`);
for (const [shape, definition] of Object.entries(SHAPES)) {
  const graph = graphOf(definition);
  const layoutMs = callUs(() => layoutOf(graph)) / 1000;
  const pictureMs = callUs(() => toSvg(graph)) / 1000;
  const mermaidMs = callUs(() => toMermaid(graph)) / 1000;
  const cells = [
    layoutMs.toFixed(2).padStart(10),
    `${(layoutMs / LIMIT_MS).toFixed(2)}x`.padStart(9),
    pictureMs.toFixed(2).padStart(12),
    `${(pictureMs / mermaidMs).toFixed(1)}x`.padStart(19),
  ];
  console.log(shape.padEnd(26) + cells.join(' '));
}
