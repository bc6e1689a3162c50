import { useState, type FormEvent, type ReactNode } from 'react';
import { visitsOfExecution } from '../../api/execution-questions.ts';
import type { ExecutionDetail, StateVisit } from '../../api/types.ts';
import { useQuery, useQuestion, type Loaded } from '../../api/use-query.ts';
import { Payload } from '../../components/payload.tsx';
import { Answered, Empty, Loading } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { comparedSteps, durationOf, type ComparedStep } from '../../model/compare.ts';
import { formatCount, formatDate, formatDuration } from '../../model/format.ts';
import { to } from '../../model/paths.ts';
import type { Visits } from '../../model/visit-columns.ts';
import { Link } from '../../router/link.tsx';
import { changeQuery, useLocation } from '../../router/location.ts';
import '../../components/search-box.css';
import '../../components/table/data-table.css';
import './compare.css';

/** Two executions beside each other: their ways, their times, and the data of each step. */
export function ComparePage(): ReactNode {
  const { query } = useLocation();
  const left = query.get('left') ?? '';
  const right = query.get('right') ?? '';
  return (
    <div className="page">
      <div className="page-head">
        <h1>Compare two executions</h1>
      </div>
      <Choice left={left} right={right} />
      {left === '' || right === '' ? (
        <div className="card">
          <Empty title="Which two?">
            Give the ARNs of two executions; the page of an execution leads here with its own.
          </Empty>
        </div>
      ) : (
        <Both key={`${left} ${right}`} left={left} right={right} />
      )}
    </div>
  );
}

function Choice({ left, right }: { readonly left: string; readonly right: string }): ReactNode {
  const [one, setOne] = useState(left);
  const [two, setTwo] = useState(right);
  const compare = (event: FormEvent): void => {
    event.preventDefault();
    changeQuery({ left: one.trim(), right: two.trim() }, true);
  };
  return (
    <form className="compare-choice" onSubmit={compare}>
      <label>
        One execution
        <input className="search" value={one} onChange={(event) => setOne(event.target.value)} />
      </label>
      <label>
        Another one
        <input className="search" value={two} onChange={(event) => setTwo(event.target.value)} />
      </label>
      <button type="submit" className="plain-button primary">
        Compare
      </button>
    </form>
  );
}

interface Side {
  readonly arn: string;
  readonly detail: Loaded<ExecutionDetail>;
  readonly visits: Loaded<Visits>;
}

function useSide(arn: string): Side {
  return { arn, detail: useQuery('execution', { arn }), visits: useQuestion(visitsOfExecution(arn)) };
}

function Both({ left, right }: { readonly left: string; readonly right: string }): ReactNode {
  const one = useSide(left);
  const two = useSide(right);
  const isWaiting = one.detail.isLoading || two.detail.isLoading;
  // Both at once: the one that comes later would push the other aside.
  if (isWaiting) return <Loading what="the executions" />;
  return (
    <>
      <div className="compare-heads">
        <Head of={one} />
        <Head of={two} />
      </div>
      <Answered of={one.visits} what="way" detail={left}>
        {(first) => (
          <Answered of={two.visits} what="way" detail={right}>
            {(second) => <Steps left={first} right={second} arns={[left, right]} />}
          </Answered>
        )}
      </Answered>
    </>
  );
}

function Head({ of: { arn, detail } }: { readonly of: Side }): ReactNode {
  return (
    <section className="card compare-head">
      <Answered of={detail} what="execution" detail={arn}>
        {({ name, status, startDateMs, stopDateMs, transitions, error, input, output }) => (
          <>
            <div className="card-head">
              <h2>
                <Link to={to.execution(arn)}>{name}</Link>
              </h2>
              <Status of={status} />
            </div>
            <p className="faint">
              {formatDate(startDateMs)}
              {stopDateMs !== null && ` · ${formatDuration(stopDateMs - startDateMs)}`} ·{' '}
              {formatCount(transitions)} transitions
              {error !== null && ` · ${error}`}
            </p>
            <Payload title="Input" clip={input} />
            <Payload title="Output" clip={output} missing="It has none." />
          </>
        )}
      </Answered>
    </section>
  );
}

/** Steps that are drawn: more would be slow, and nobody reads them. */
const SHOWN_MAX = 1000;

function Steps({
  left,
  right,
  arns,
}: {
  readonly left: Visits;
  readonly right: Visits;
  readonly arns: readonly [string, string];
}): ReactNode {
  const steps = comparedSteps(left.visits, right.visits);
  const [isOnly, setOnly] = useState(false);
  const [open, setOpen] = useState<number | undefined>(undefined);
  const numbered = steps.map((step, number) => ({ step, number }));
  const wanted = isOnly ? numbered.filter(({ step }) => differs(step)) : numbered;
  return (
    <section className="card">
      <div className="card-head">
        <h2>Steps</h2>
        <span className="faint">
          {formatCount(steps.filter(differs).length)} of {formatCount(steps.length)} took another way or ended
          otherwise
        </span>
        <span className="grow" />
        <label className="check">
          <input type="checkbox" checked={isOnly} onChange={() => setOnly(!isOnly)} /> Only those
        </label>
      </div>
      <div className="table-scroll">
        <table className="data compare-steps" aria-label="Steps">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">One</th>
              <th scope="col" className="right">
                Time
              </th>
              <th scope="col">The other</th>
              <th scope="col" className="right">
                Time
              </th>
              <th scope="col">Data</th>
            </tr>
          </thead>
          <tbody>
            {wanted.slice(0, SHOWN_MAX).map(({ step, number }) => (
              <Row
                key={number}
                step={step}
                arns={arns}
                isOpen={open === number}
                onOpen={() => setOpen(open === number ? undefined : number)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {wanted.length > SHOWN_MAX && (
        <p className="faint compare-more">The first {formatCount(SHOWN_MAX)} steps are shown.</p>
      )}
    </section>
  );
}

function differs({ left, right }: ComparedStep): boolean {
  return left?.status !== right?.status || left?.error !== right?.error;
}

interface RowProps {
  readonly step: ComparedStep;
  readonly arns: readonly [string, string];
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

function Row({ step, arns, isOpen, onOpen }: RowProps): ReactNode {
  const { left, right, depth } = step;
  const name = left?.stateName ?? right?.stateName ?? '';
  return (
    <>
      <tr className={differs(step) ? 'differs' : ''}>
        <td>
          <span className="compare-name" style={{ paddingInlineStart: `${Math.min(depth, 12) * 16}px` }}>
            {name}
          </span>
        </td>
        <Cells of={left} />
        <Cells of={right} />
        <td>
          <button type="button" className="plain-button" aria-expanded={isOpen} onClick={onOpen}>
            {isOpen ? 'Hide' : 'Show'} <span className="hidden-text">the data of {name}</span>
          </button>
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={6}>
            <div className="compare-heads">
              <StepData arn={arns[0]} visit={left} />
              <StepData arn={arns[1]} visit={right} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

function Cells({ of }: { readonly of: StateVisit | undefined }): ReactNode {
  if (of === undefined) {
    return (
      <>
        <td className="faint">not entered</td>
        <td />
      </>
    );
  }
  const duration = durationOf(of);
  return (
    <>
      <td>
        <Status of={of.status} />
        {of.error !== null && <span className="faint"> {of.error}</span>}
      </td>
      <td className="right number">{duration === null ? '' : formatDuration(duration)}</td>
    </>
  );
}

function StepData({
  arn,
  visit,
}: {
  readonly arn: string;
  readonly visit: StateVisit | undefined;
}): ReactNode {
  const flow = useQuery('dataFlow', visit === undefined ? null : { arn, visit: String(visit.id) });
  if (visit === undefined) return <Empty title="It did not come here" />;
  return (
    <Answered of={flow} what="data" detail={visit.stateName}>
      {({ input, output, variables }) => (
        <div className="compare-data">
          <Payload title="Input" clip={input} />
          <Payload title="Output" clip={output} missing="It was not left." />
          <Payload title="Variables" clip={variables} />
        </div>
      )}
    </Answered>
  );
}
