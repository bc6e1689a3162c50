import { useEffect, useRef, useState, type ReactNode } from 'react';
import { callStepFunctions } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { Code } from '../../components/code/code.tsx';
import { Payload } from '../../components/payload.tsx';
import { Answered } from '../../components/states.tsx';
import { StatusMark } from '../../components/status.tsx';
import { formatJson, jsonProblem } from '../../model/json-text.ts';
import { testedState, testRequest, type TestAnswer, type TestForm } from '../../model/state-test.ts';
import { to } from '../../model/paths.ts';
import type { StatusKind } from '../../model/status.ts';
import { Link } from '../../router/link.tsx';
import { useLocation } from '../../router/location.ts';
import { attempt } from '../../state/flashes.ts';
import '../expression/expression.css';

/** Runs one state alone, with TestState of the API: a state of one's own, or one of an execution (`?arn=&visit=`). */
export function TestStatePage(): ReactNode {
  const { query } = useLocation();
  const arn = query.get('arn');
  const visit = query.get('visit');
  return (
    <div className="page">
      <div className="page-head">
        <h1>Test a state</h1>
        {arn !== null && visit !== null && (
          <span className="faint">
            as it was in <Link to={to.execution(arn, { visit: Number(visit) })}>{arn.split(':').at(-1)}</Link>
          </span>
        )}
      </div>
      {arn === null || visit === null ? <Bench initial={SAMPLE} /> : <OfExecution arn={arn} visit={visit} />}
    </div>
  );
}

const SAMPLE: TestForm = {
  definition: `{
  "Type": "Task",
  "Resource": "arn:aws:states:::sqs:sendMessage",
  "Parameters": { "QueueUrl": "https://example.com/queue", "MessageBody.$": "$" },
  "ResultSelector": { "id.$": "$.MessageId" },
  "ResultPath": "$.sent",
  "End": true
}`,
  input: '{ "order": 1 }',
  variables: '{}',
  mock: 'result',
  result: '{ "MessageId": "1", "MD5OfMessageBody": "x" }',
  error: 'SQS.SqsException',
  cause: 'The queue does not exist.',
};

function OfExecution({ arn, visit }: { readonly arn: string; readonly visit: string }): ReactNode {
  const execution = useQuery('execution', { arn });
  const flow = useQuery('dataFlow', { arn, visit });
  return (
    <Answered of={execution} what="execution" detail={arn}>
      {({ definition }) => (
        <Answered of={flow} what="the state’s data" detail={arn}>
          {(data) => (
            <Bench
              initial={{
                ...SAMPLE,
                definition: testedState(definition, data.stateName, data.queryLanguage) ?? SAMPLE.definition,
                input: formatJson(data.input.text),
                variables: formatJson(data.variables.text),
                result: formatJson(
                  data.steps.find(({ station }) => station === 'result')?.value.text ?? '{}',
                ),
                mock: data.stateType === 'Task' ? 'result' : 'none',
              }}
            />
          )}
        </Answered>
      )}
    </Answered>
  );
}

const MOCKS: Readonly<Record<TestForm['mock'], string>> = {
  result: 'A result',
  error: 'An error',
  none: 'None: call it',
};
const MOCK_KINDS = ['result', 'error', 'none'] as const;

function Bench({ initial }: { readonly initial: TestForm }): ReactNode {
  const [form, setForm] = useState(initial);
  const [answer, setAnswer] = useState<TestAnswer | undefined>(undefined);
  const place = useRef<HTMLDivElement>(null);
  // Where the window is low it comes below what is seen.
  useEffect(() => {
    if (answer !== undefined) place.current?.scrollIntoView({ block: 'nearest' });
  }, [answer]);
  const change = (part: Partial<TestForm>): void => setForm((before) => ({ ...before, ...part }));
  const isReady = [form.definition, form.input, form.variables].every(
    (text) => jsonProblem(text) === undefined,
  );
  const run = async (): Promise<void> => {
    setAnswer((await callStepFunctions('TestState', testRequest(form))) as TestAnswer);
  };
  return (
    <div className="bench">
      <div className="bench-data">
        <Field
          label="Definition of the state"
          value={form.definition}
          onChange={(definition) => change({ definition })}
        />
        <Field label="Input" value={form.input} onChange={(input) => change({ input })} />
        <Field label="Variables" value={form.variables} onChange={(variables) => change({ variables })} />
        <section className="card bench-part">
          <div className="card-head">
            <h2>What its task answers</h2>
            <fieldset className="options">
              <legend className="hidden-text">Mock</legend>
              {MOCK_KINDS.map((mock) => (
                <label key={mock}>
                  <input
                    type="radio"
                    name="mock"
                    checked={form.mock === mock}
                    onChange={() => change({ mock })}
                  />
                  {MOCKS[mock]}
                </label>
              ))}
            </fieldset>
          </div>
          {form.mock === 'result' && (
            <Code
              value={form.result}
              label="Result"
              language="json"
              onChange={(result) => change({ result })}
            />
          )}
          {form.mock === 'error' && <ErrorFields form={form} onChange={change} />}
        </section>
      </div>
      <div>
        <button
          type="button"
          className="plain-button primary"
          disabled={!isReady}
          onClick={() => void attempt(run)}
        >
          Test
        </button>
      </div>
      <div aria-live="polite" ref={place}>
        {answer !== undefined && <Answer of={answer} />}
      </div>
    </div>
  );
}

function Field({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}): ReactNode {
  return (
    <section className="card bench-part">
      <div className="card-head">
        <h2>{label}</h2>
        <span className="faint">{jsonProblem(value)}</span>
      </div>
      <Code value={value} label={label} language="json" onChange={onChange} />
    </section>
  );
}

function ErrorFields({
  form,
  onChange,
}: {
  readonly form: TestForm;
  readonly onChange: (part: Partial<TestForm>) => void;
}): ReactNode {
  return (
    <div className="bench-hint bench">
      <label>
        Error <input value={form.error} onChange={(event) => onChange({ error: event.target.value })} />
      </label>
      <label>
        Cause <input value={form.cause} onChange={(event) => onChange({ cause: event.target.value })} />
      </label>
    </div>
  );
}

const STATIONS: readonly (readonly [member: string, title: string])[] = [
  ['afterInputPath', 'After InputPath'],
  ['afterItemsPath', 'After ItemsPath'],
  ['afterItemSelector', 'After ItemSelector'],
  ['afterParameters', 'After Parameters'],
  ['afterArguments', 'After Arguments'],
  ['result', 'Result'],
  ['afterResultSelector', 'After ResultSelector'],
  ['afterResultPath', 'After ResultPath'],
  ['variables', 'Variables after it'],
];

const KINDS: Readonly<Record<string, StatusKind>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  RETRIABLE: 'waiting',
  CAUGHT_ERROR: 'caught',
};
const LABELS: Readonly<Record<string, string>> = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  RETRIABLE: 'Would be tried again',
  CAUGHT_ERROR: 'Failed, and caught',
};

function Answer({
  of: { status, output, error, cause, nextState, inspectionData },
}: {
  readonly of: TestAnswer;
}): ReactNode {
  const shown = STATIONS.flatMap(([member, title]) => {
    const text = inspectionData?.[member];
    return typeof text === 'string' ? [{ title, text }] : [];
  });
  return (
    <section className="card bench-part">
      <div className="card-head">
        <h2>
          <StatusMark kind={KINDS[status] ?? 'idle'} label={LABELS[status] ?? status} />
        </h2>
        {nextState !== undefined && <span className="faint">goes on to {nextState}</span>}
      </div>
      {error !== undefined && (
        <div className="problem bench-error" role="alert">
          <strong>{error}</strong>
          <span>{cause}</span>
        </div>
      )}
      {output !== undefined && <Payload title="Output" clip={{ text: output, length: output.length }} />}
      {shown.map(({ title, text }) => (
        <Payload key={title} title={title} clip={{ text, length: text.length }} />
      ))}
    </section>
  );
}
