import { linePath, riseOf, type PlacedEdge, type Point } from '@stepyard/asl';
import { memo, type ReactNode } from 'react';

const START_RADIUS = 6;

export interface GraphEdgeProps {
  readonly edge: PlacedEdge;
  /** Whether an execution went this way; undefined when no execution is shown. */
  readonly isTaken: boolean | undefined;
}

export const GraphEdgeLine = memo(function GraphEdgeLine({ edge, isTaken }: GraphEdgeProps): ReactNode {
  const { points, isCatch, isBack, start, reachesTarget, label } = edge;
  const tip = points.at(-1);
  const rise = isBack && reachesTarget ? riseOf(points) : undefined;
  const taken = isTaken === undefined ? '' : isTaken ? ' taken' : ' untaken';
  return (
    <g className={`edge${isCatch ? ' catch' : ''}${taken}`}>
      {start !== undefined && (
        <circle className="head" cx={start.x} cy={start.y + START_RADIUS} r={START_RADIUS} />
      )}
      <path className="line" d={linePath(points)} />
      {reachesTarget && tip !== undefined && <Head at={tip} rise={-8} />}
      {rise !== undefined && <Head at={rise} rise={8} />}
      {label !== undefined && (
        <text
          className={`label ${label.side}`}
          x={label.side === 'right' ? label.x : label.x + label.width}
          y={label.y + 10}
        >
          {label.text}
        </text>
      )}
    </g>
  );
});

function Head({ at: { x, y }, rise }: { readonly at: Point; readonly rise: number }): ReactNode {
  return <path className="head" d={`M${x} ${y}l-4 ${rise}h8z`} />;
}
