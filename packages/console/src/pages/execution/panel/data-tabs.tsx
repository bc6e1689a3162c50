import type { ReactNode } from 'react';
import { query } from '../../../api/client.ts';
import type { DataFlow, DataFlowStep, StateVisitDetail } from '../../../api/types.ts';
import { useAnswer, type Loaded } from '../../../api/use-query.ts';
import { Payload } from '../../../components/payload.tsx';
import { Answered } from '../../../components/states.tsx';

export interface VisitTabProps {
  readonly arn: string;
  readonly visit: StateVisitDetail;
  /** The event that one looks back to; null: now. */
  readonly at?: number | null;
}

/** The way of the data through a visit; asked for again when the visit has come further. */
function useDataFlow({ arn, visit }: VisitTabProps): Loaded<DataFlow> {
  const { id, exitEvent, endedMs, attempts } = visit;
  const progress = `${attempts.length} ${attempts.at(-1)?.endEvent ?? 0} ${exitEvent} ${endedMs ?? 0}`;
  return useAnswer(`dataFlow ${arn} ${id} ${progress}`, async (signal) =>
    query('dataFlow', { arn, visit: String(id) }, signal),
  );
}

export function DataTab(props: VisitTabProps): ReactNode {
  return (
    <Answered of={useDataFlow(props)} what="data">
      {({ input, output }) => (
        <>
          <Payload title="Input" clip={input} size="medium" />
          <Payload
            title="Output"
            clip={props.visit.endedMs === null ? null : output}
            missing={props.visit.endedMs === null ? 'It has not ended yet.' : 'It ended without one.'}
            size="medium"
          />
        </>
      )}
    </Answered>
  );
}

const STATIONS: Readonly<Record<DataFlowStep['station'], string>> = {
  afterInputPath: 'After InputPath',
  afterParameters: 'After Parameters',
  afterItemsPath: 'After ItemsPath',
  result: 'Result',
  afterResultSelector: 'After ResultSelector',
  afterResultPath: 'After ResultPath',
};

/** In JSONata the same stations go by other names. */
const JSONATA_STATIONS: Readonly<Partial<Record<DataFlowStep['station'], string>>> = {
  afterParameters: 'Arguments',
  afterItemsPath: 'Items',
};

export function FlowTab(props: VisitTabProps): ReactNode {
  return (
    <Answered of={useDataFlow(props)} what="data flow">
      {({ input, steps, output, queryLanguage, context }) => (
        <div className="flow">
          <Payload title="Input" clip={input} />
          {steps
            .filter(({ afterEvent }) => afterEvent <= (props.at ?? Infinity))
            .map(({ station, afterEvent, value }) => (
              <Payload
                key={`${station} ${afterEvent}`}
                title={
                  (queryLanguage === 'JSONata' ? JSONATA_STATIONS[station] : undefined) ?? STATIONS[station]
                }
                clip={value}
                note={<span className="faint number">event {afterEvent}</span>}
              />
            ))}
          <Payload title="Output" clip={props.visit.endedMs === null ? null : output} />
          <Payload
            title="Context object"
            clip={context}
            note={<span className="faint">when it was entered</span>}
          />
          <p className="faint">Query language: {queryLanguage}</p>
        </div>
      )}
    </Answered>
  );
}

export function VariablesTab(props: VisitTabProps): ReactNode {
  return (
    <Answered of={useDataFlow(props)} what="variables">
      {({ variables, assigned }) => (
        <>
          <Payload title="Before" clip={variables} size="medium" />
          <Payload
            title="Assigned"
            clip={props.visit.endedMs === null ? null : assigned}
            missing="It assigned none."
            size="medium"
          />
        </>
      )}
    </Answered>
  );
}
