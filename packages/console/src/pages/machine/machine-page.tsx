import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { describeStateMachine, type MachineDescription } from '../../api/step-functions.ts';
import type { Overview } from '../../api/types.ts';
import { useAnswer, useQuery } from '../../api/use-query.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Answered, NotFound } from '../../components/states.tsx';
import { TabBar } from '../../components/tab-bar.tsx';
import { to } from '../../model/paths.ts';
import { changeQuery, useLocation } from '../../router/location.ts';
import { Link } from '../../router/link.tsx';
import { useShortcut } from '../../state/shortcuts.ts';
import { setYardTime } from '../../state/yard-clock.ts';
import { Executions } from './executions.tsx';
import './machine.css';

const Definition = lazy(async () => ({ default: (await import('./definition.tsx')).Definition }));
const Details = lazy(async () => ({ default: (await import('./details.tsx')).Details }));
const StartDialog = lazy(async () => ({
  default: (await import('../../components/start-dialog.tsx')).StartDialog,
}));

const TABS = [
  { id: 'executions', label: 'Executions' },
  { id: 'definition', label: 'Definition' },
  { id: 'details', label: 'Details' },
] as const;
type Tab = (typeof TABS)[number]['id'];

/** A state machine: its executions, what it is, and what belongs to it. */
export function MachinePage({ name }: { readonly name: string }): ReactNode {
  const overview = useQuery('overview', {});
  const { data } = overview;
  useEffect(() => {
    if (data !== undefined) setYardTime(data.nowMs, data.isVirtualTime);
  }, [data]);
  return (
    <div className="page">
      <Answered of={overview} what="state machine">
        {(answer) => <Named overview={answer} name={name} />}
      </Answered>
    </div>
  );
}

function Named({ overview, name }: { readonly overview: Overview; readonly name: string }): ReactNode {
  const summary = overview.machines.find((machine) => machine.name === name);
  const arn = summary?.stateMachineArn ?? null;
  const machine = useAnswer(arn, async () => describeStateMachine(arn ?? ''));
  if (summary === undefined) return <NotFound what="state machine" detail={name} />;
  return (
    <>
      <Head
        arn={summary.stateMachineArn}
        name={name}
        type={summary.type === 'STANDARD' ? 'Standard' : 'Express'}
      />
      <Answered of={machine} what="state machine" detail={name}>
        {(description) => <Tabs machine={description} />}
      </Answered>
    </>
  );
}

function Head({
  arn,
  name,
  type,
}: {
  readonly arn: string;
  readonly name: string;
  readonly type: string;
}): ReactNode {
  const [isStarting, setStarting] = useState(false);
  useShortcut('s', 'Start an execution', () => setStarting(true));
  return (
    <div className="page-head">
      <div className="titles">
        <nav aria-label="Breadcrumbs" className="crumbs">
          <Link to={to.machines()}>State machines</Link>
        </nav>
        <h1>{name}</h1>
      </div>
      <span className="pill">{type}</span>
      <div className="actions">
        <CopyButton text={arn} what="the ARN" />
        <button type="button" className="plain-button primary" onClick={() => setStarting(true)}>
          Start execution…
        </button>
      </div>
      <Suspense>{isStarting && <StartDialog machineArn={arn} onClose={() => setStarting(false)} />}</Suspense>
    </div>
  );
}

function Tabs({ machine }: { readonly machine: MachineDescription }): ReactNode {
  const { query } = useLocation();
  const tab = TABS.find(({ id }) => id === query.get('tab'))?.id ?? 'executions';
  const show = (id: Tab): void => changeQuery({ tab: id === 'executions' ? null : id });
  return (
    <div className="card">
      <TabBar label="About the state machine" tabs={TABS} current={tab} onChange={show}>
        <Suspense>
          {tab === 'executions' && <Executions machineArn={machine.stateMachineArn} />}
          {tab === 'definition' && <Definition machine={machine} />}
          {tab === 'details' && <Details machine={machine} />}
        </Suspense>
      </TabBar>
    </div>
  );
}
