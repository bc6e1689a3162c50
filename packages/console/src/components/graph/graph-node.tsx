import { outlineOf, stateTexts, type PlacedState } from '@stepyard/asl';
import { Fragment, memo, type KeyboardEvent, type ReactNode } from 'react';
import { formatCount, formatCountdown } from '../../model/format.ts';
import type { StateStatus } from '../../model/graph-status.ts';
import { STATUS_LABELS, type StatusKind } from '../../model/status.ts';
import { iconPath, type IconName } from '../icon.tsx';

export interface GraphNodeProps {
  readonly state: PlacedState;
  /** How it stands in an execution that is shown; `undefined` there: it was not entered. */
  readonly status: StateStatus | undefined;
  readonly hasExecution: boolean;
  readonly isSelected: boolean;
  readonly isFocusable: boolean;
  /** Milliseconds until it goes on by itself. */
  readonly countdownMs: number | undefined;
  readonly onSelect: (id: string) => void;
  readonly onKey: (event: KeyboardEvent, state: PlacedState) => void;
}

/** A state: its box, name and type; how it stands as colour, mark and words; how often, and how long still. */
export const GraphNodeBox = memo(function GraphNodeBox(props: GraphNodeProps): ReactNode {
  const { state, status, hasExecution, isSelected, isFocusable, onSelect, onKey } = props;
  const { node, x, y } = state;
  const kind = hasExecution ? (status?.kind ?? 'idle') : undefined;
  const { names, type } = stateTexts(state);
  return (
    <g
      className={`node type-${node.containers.length > 0 ? 'outer' : 'inner'} ${kind ?? 'plain'}${isSelected ? ' selected' : ''}`}
      data-state={node.id}
      role="button"
      tabIndex={isFocusable ? 0 : -1}
      aria-label={spoken(props)}
      aria-pressed={isSelected}
      onClick={() => onSelect(node.id)}
      onKeyDown={(event) => onKey(event, state)}
    >
      <Box state={state} />
      {/* The spaces are not drawn; without them the words run together for whoever reads the text out of the drawing. */}
      {names.map((line) => (
        <Fragment key={line.y}>
          <text className="name" x={line.x} y={line.y}>
            {line.text}
          </text>{' '}
        </Fragment>
      ))}
      <text className={`type ${node.type}`} x={type.x} y={type.y}>
        {type.text}
      </text>{' '}
      {kind !== undefined && kind !== 'idle' && <Mark kind={kind} x={x} y={y} />}
      <Counts {...props} />
    </g>
  );
});

function Box({ state }: { readonly state: PlacedState }): ReactNode {
  const shape = outlineOf(state);
  if (shape.kind === 'pointed') return <path className="box" d={shape.path} />;
  const { x, y, width, height } = state;
  return <rect className="box" x={x} y={y} width={width} height={height} rx={shape.radius} />;
}

/** A disc on the left upper corner with the mark of the status. */
function Mark({
  kind,
  x,
  y,
}: {
  readonly kind: StatusKind;
  readonly x: number;
  readonly y: number;
}): ReactNode {
  const icon: IconName = kind === 'succeeded' ? 'check' : kind === 'failed' ? 'cross' : kind;
  return (
    <g className="mark" transform={`translate(${x + 4} ${y + 3})`}>
      <circle r="9" />
      <path d={iconPath(icon)} transform="translate(-5.6 -5.6) scale(0.7)" />
    </g>
  );
}

function Counts({ state, status, countdownMs }: GraphNodeProps): ReactNode {
  const right = state.x + state.width - 4;
  const texts = countTexts(status, state.node.type);
  // What comes in comes in at the middle of the upper edge: what would cover that stands above it.
  const isLong = tagWidth(texts) > state.width / 2;
  return (
    <>
      {texts !== '' && (
        <Tag className="count" x={right} y={state.y - (isLong ? 10 : 0)} text={texts} anchor="end" />
      )}{' '}
      {countdownMs !== undefined && (
        <Tag
          className="countdown"
          x={state.x + state.width / 2}
          y={state.y + (state.node.containers.length > 0 ? 0 : state.height)}
          text={formatCountdown(countdownMs)}
          anchor="middle"
        />
      )}
    </>
  );
}

/** What there is to count: iterations done of all, visits, retries. */
function countTexts(status: StateStatus | undefined, type: string): string {
  if (status === undefined) return '';
  const { children, visits, retries } = status;
  const texts: string[] = [];
  if (children !== null && (type === 'Map' || type === 'Parallel')) {
    const total = formatCount(children.total);
    const failed = `${formatCount(children.failed)} failed`;
    if (children.failed === 0) texts.push(`${formatCount(children.done)} of ${total}`);
    else if (children.done === children.total) texts.push(`${failed} of ${total}`);
    else texts.push(`${formatCount(children.done)} of ${total}`, failed);
  }
  if (visits > 1) texts.push(`${formatCount(visits)}×`);
  if (retries > 0) texts.push(`↻ ${formatCount(retries)}`);
  return texts.join(' · ');
}

const LETTER_WIDTH = 5.9;

function tagWidth(text: string): number {
  return text.length * LETTER_WIDTH + 12;
}

function Tag({
  className,
  x,
  y,
  text,
  anchor,
}: {
  readonly className: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: 'end' | 'middle';
}): ReactNode {
  const width = tagWidth(text);
  const left = anchor === 'end' ? x - width + 8 : x - width / 2;
  return (
    <g className={`tag ${className}`}>
      <rect x={left} y={y - 8} width={width} height={16} rx={8} />
      <text x={left + width / 2} y={y + 3.5}>
        {text}
      </text>
    </g>
  );
}

/** What is written in the box comes first and in its order, so that it can be spoken to what is seen. */
function spoken({ state, status, hasExecution, countdownMs }: GraphNodeProps): string {
  const seen = [...state.lines, stateTexts(state).type.text, countTexts(status, state.node.type)];
  if (countdownMs !== undefined) seen.push(formatCountdown(countdownMs));
  const kind = hasExecution ? `, ${STATUS_LABELS[status?.kind ?? 'idle']}` : '';
  return seen.filter((text) => text !== '').join(' ') + kind;
}
