import { allNodes, layoutOf, type GraphContainer, type GraphLayout, type PlacedState } from '@stepyard/asl';
import { useEffect, useMemo, type KeyboardEvent, type ReactNode } from 'react';
import { nextInDirection, type Direction } from '../../model/directions.ts';
import { wayKey, type GraphStatus } from '../../model/graph-status.ts';
import { fitted, showing, whole } from '../../model/view-box.ts';
import { useYardNow } from '../../state/yard-clock.ts';
import { Icon } from '../icon.tsx';
import { GraphEdgeLine } from './graph-edge.tsx';
import { GraphNodeBox } from './graph-node.tsx';
import { useView, type ViewControl } from './use-view.ts';
import './graph.css';

export interface StateGraphProps {
  readonly graph: GraphContainer;
  /** What it is a graph of, for those who do not see it. */
  readonly label: string;
  /** Of an execution; without it the graph shows only what can happen. */
  readonly status?: GraphStatus | undefined;
  /** When a state goes on by itself, by its name: epoch milliseconds in the yard's time. */
  readonly dueMs?: ReadonlyMap<string, number> | undefined;
  /** The time that one looks back to; undefined: now, as it goes on. */
  readonly thenMs?: number | undefined;
  /** JSON pointer of a state that is brought into sight whenever it is another one. */
  readonly follow?: string | undefined;
  /** JSON pointer of the selected state. */
  readonly selected?: string | undefined;
  readonly onSelect?: (id: string, name: string) => void;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** A state machine as a drawing that can be looked at closely, gone through by keyboard, and shows an execution live. */
export function StateGraph(props: StateGraphProps): ReactNode {
  const { graph, label, selected, follow } = props;
  const inSight = selected ?? follow;
  const layout = useMemo(() => layoutOf(graph), [graph]);
  const control = useView(layout);
  const { frame, view, show, frameSize, drag } = control;
  const { width, height } = frameSize;
  useEffect(() => {
    const state = layout.states.find(({ node }) => node.id === inSight);
    if (state !== undefined && width > 0) show((now, size) => showing(now, state, size));
    // Only a new selection or another window moves the drawing: afterwards the user may look elsewhere.
  }, [inSight, layout, width, height]);
  return (
    <div className="graph" ref={frame}>
      <svg {...drag} role="group" aria-label={label}>
        <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          <Drawing {...props} layout={layout} />
        </g>
      </svg>
      <Controls control={control} layout={layout} />
    </div>
  );
}

function Drawing(props: StateGraphProps & { readonly layout: GraphLayout }): ReactNode {
  const { layout, graph, status } = props;
  const isTaken = useMemo(() => takenEdges(layout, graph, status), [layout, graph, status]);
  const inner = layout.states.filter(({ node }) => node.containers.length === 0);
  const outer = layout.states.filter(({ node }) => node.containers.length > 0);
  return (
    <>
      <Nodes {...props} states={outer} />
      {layout.containers
        .filter(({ container }) => container.kind === 'branch')
        .map(({ container, x, y, width, height }) => (
          <rect key={container.id} className="frame" x={x} y={y} width={width} height={height} rx={6} />
        ))}
      {layout.edges.map((edge, index) => (
        <GraphEdgeLine key={`${edge.to} ${index}`} edge={edge} isTaken={isTaken(index)} />
      ))}
      <Nodes {...props} states={inner} />
      {layout.states.map(({ node, end }) =>
        end === undefined ? null : <circle key={node.id} className="end" cx={end.x} cy={end.y} r="4" />,
      )}
    </>
  );
}

function Nodes({
  layout,
  states,
  status,
  dueMs,
  thenMs,
  selected,
  onSelect,
}: StateGraphProps & { readonly layout: GraphLayout; readonly states: readonly PlacedState[] }): ReactNode {
  const isTicking = dueMs !== undefined && dueMs.size > 0 && thenMs === undefined;
  const yardMs = useYardNow(isTicking ? 1000 : null);
  const nowMs = thenMs ?? yardMs;
  const first = layout.states.some(({ node }) => node.id === selected) ? selected : layout.states[0]?.node.id;
  const select = (id: string): void => {
    const state = layout.states.find(({ node }) => node.id === id);
    if (state !== undefined) onSelect?.(id, state.node.name);
  };
  const onKey = (event: KeyboardEvent, state: PlacedState): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      select(state.node.id);
      return;
    }
    const direction = DIRECTIONS[event.key];
    if (direction === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = nextInDirection(layout.states, state, direction);
    if (next === undefined) return;
    const element = [...(event.currentTarget.closest('svg')?.querySelectorAll('[data-state]') ?? [])];
    const found = element.find((node) => node.getAttribute('data-state') === next.node.id);
    if (found instanceof SVGElement) found.focus();
    select(next.node.id);
  };
  return states.map((state) => {
    const due = dueMs?.get(state.node.name);
    return (
      <GraphNodeBox
        key={state.node.id}
        state={state}
        status={status?.states.get(state.node.name)}
        hasExecution={status !== undefined}
        isSelected={state.node.id === selected}
        isFocusable={state.node.id === first}
        countdownMs={due === undefined ? undefined : Math.max(0, Math.ceil((due - nowMs) / 1000) * 1000)}
        onSelect={select}
        onKey={onKey}
      />
    );
  });
}

/** Whether the edge at an index was taken; undefined without an execution. */
function takenEdges(
  layout: GraphLayout,
  graph: GraphContainer,
  status: GraphStatus | undefined,
): (index: number) => boolean | undefined {
  if (status === undefined) return () => undefined;
  const names = new Map(allNodes(graph).map(({ id, name }) => [id, name]));
  const taken = layout.edges.map(({ edges, to, isCatch }) => {
    const target = names.get(to) ?? '';
    if (edges.length === 0) return status.ways.has(wayKey('', target, false));
    return edges.some(({ from }) => status.ways.has(wayKey(names.get(from) ?? '', target, isCatch)));
  });
  return (index) => taken[index];
}

function Controls({
  control,
  layout,
}: {
  readonly control: ViewControl;
  readonly layout: GraphLayout;
}): ReactNode {
  const { zoom, setView, view } = control;
  return (
    <div className="graph-controls" role="group" aria-label="Zoom">
      <button type="button" className="bare" aria-label="Zoom in" onClick={() => zoom(1.25)}>
        <Icon name="plus" />
      </button>
      <button
        type="button"
        className="bare scale"
        title="As large as can be read"
        onClick={() => setView((_, frame) => fitted(layout, frame))}
      >
        {Math.round(view.scale * 100)}%
      </button>
      <button type="button" className="bare" aria-label="Zoom out" onClick={() => zoom(0.8)}>
        <Icon name="minus" />
      </button>
      <button
        type="button"
        className="bare"
        aria-label="Show all of it"
        title="Show all of it"
        onClick={() => setView((_, frame) => whole(layout, frame))}
      >
        <Icon name="fit" />
      </button>
    </div>
  );
}
