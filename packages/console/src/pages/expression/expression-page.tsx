import { useState, type ReactNode } from 'react';
import { command } from '../../api/client.ts';
import type { DataFlow, EvaluateAnswer, EvaluateRequest } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { Code } from '../../components/code/code.tsx';
import { Payload } from '../../components/payload.tsx';
import { Answered } from '../../components/states.tsx';
import { formatJson, jsonProblem } from '../../model/json-text.ts';
import { to } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { useLocation } from '../../router/location.ts';
import { attempt } from '../../state/flashes.ts';
import './expression.css';

/** Evaluates an expression as a state would: on data of one's own, or on that of a state of an execution (`?arn=&visit=`). */
export function ExpressionPage(): ReactNode {
  const { query } = useLocation();
  const arn = query.get('arn');
  const visit = query.get('visit');
  const flow = useQuery('dataFlow', arn === null || visit === null ? null : { arn, visit });
  return (
    <div className="page">
      <div className="page-head">
        <h1>Try an expression</h1>
        {arn !== null && visit !== null && (
          <span className="faint">
            with the data of{' '}
            <Link to={to.execution(arn, { visit: Number(visit) })}>a state of {arn.split(':').at(-1)}</Link>
          </span>
        )}
      </div>
      {arn === null || visit === null ? (
        <Bench initial={SAMPLE} />
      ) : (
        <Answered of={flow} what="the state’s data" detail={arn}>
          {(data) => <Bench key={`${arn} ${visit}`} initial={benchOf(data)} />}
        </Answered>
      )}
    </div>
  );
}

type Language = EvaluateRequest['language'];

interface BenchData {
  readonly language: Language;
  readonly expression: string;
  readonly input: string;
  readonly variables: string;
  readonly context: string;
  /** Empty: there is none. */
  readonly result: string;
}

const SAMPLE: BenchData = {
  language: 'JSONata',
  expression: '$sum($states.input.items.(price * count))',
  input: '{"items":[{"price":2,"count":3},{"price":5,"count":1}]}',
  variables: '{}',
  context: '{}',
  result: '',
};

function benchOf(flow: DataFlow): BenchData {
  const result = flow.steps.find(({ station }) => station === 'result')?.value.text ?? '';
  return {
    language: flow.queryLanguage,
    expression: flow.queryLanguage === 'JSONata' ? '$states.input' : '$',
    input: flow.input.text,
    variables: flow.variables.text,
    context: flow.context.text,
    result,
  };
}

const LANGUAGES: readonly Language[] = ['JSONata', 'JSONPath'];

function Bench({ initial }: { readonly initial: BenchData }): ReactNode {
  const [data, setData] = useState<BenchData>({
    ...initial,
    input: formatJson(initial.input),
    variables: formatJson(initial.variables),
    context: formatJson(initial.context),
    result: formatJson(initial.result),
  });
  const [answer, setAnswer] = useState<EvaluateAnswer | undefined>(undefined);
  const change = (part: Partial<BenchData>): void => setData((before) => ({ ...before, ...part }));
  const problem = obstacleOf(data);
  const run = async (): Promise<void> => {
    const { result, ...given } = data;
    setAnswer(await command('evaluate', { ...given, ...(result.trim() === '' ? {} : { result }) }));
  };
  return (
    <div className="bench">
      <section className="card bench-part">
        <div className="card-head">
          <h2>Expression</h2>
          <LanguageChoice of={data.language} onChange={(language) => change({ language })} />
          <span className="grow" />
          <button
            type="button"
            className="plain-button primary"
            disabled={problem !== undefined}
            onClick={() => void attempt(run)}
          >
            Evaluate
          </button>
        </div>
        <Code
          value={data.expression}
          label="Expression"
          language="text"
          size="small"
          onChange={(expression) => change({ expression })}
        />
        <p className="faint bench-hint">
          {data.language === 'JSONata'
            ? 'With or without {% %}, or JSON with expressions in it.'
            : 'A path, an intrinsic function, or a payload template.'}
        </p>
        <div aria-live="polite">
          {problem !== undefined && <p className="bench-hint">{problem}</p>}
          {problem === undefined && <Answer of={answer} />}
        </div>
      </section>
      <div className="bench-data">
        <DataField label="Input" value={data.input} onChange={(input) => change({ input })} />
        <DataField label="Variables" value={data.variables} onChange={(variables) => change({ variables })} />
        <DataField
          label="Result"
          hint="$states.result; empty: there is none"
          value={data.result}
          onChange={(result) => change({ result })}
        />
        <DataField label="Context object" value={data.context} onChange={(context) => change({ context })} />
      </div>
    </div>
  );
}

function LanguageChoice({
  of,
  onChange,
}: {
  readonly of: Language;
  readonly onChange: (language: Language) => void;
}): ReactNode {
  return (
    <fieldset className="options">
      <legend className="hidden-text">Query language</legend>
      {LANGUAGES.map((language) => (
        <label key={language}>
          <input type="radio" name="language" checked={of === language} onChange={() => onChange(language)} />
          {language}
        </label>
      ))}
    </fieldset>
  );
}

function obstacleOf({ input, variables, context, result }: BenchData): string | undefined {
  const parts = { 'The input': input, 'The variables': variables, 'The context object': context };
  for (const [name, text] of Object.entries(parts)) {
    if (jsonProblem(text) !== undefined) return `${name}: ${jsonProblem(text) ?? ''}`;
  }
  return result.trim() === '' || jsonProblem(result) === undefined
    ? undefined
    : `The result: ${jsonProblem(result) ?? ''}`;
}

interface DataFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function DataField({ label, hint, value, onChange }: DataFieldProps): ReactNode {
  return (
    <section className="card bench-part">
      <div className="card-head">
        <h2>{label}</h2>
        {hint !== undefined && <span className="faint">{hint}</span>}
      </div>
      <Code value={value} label={label} language="json" size="medium" onChange={onChange} />
    </section>
  );
}

function Answer({ of }: { readonly of: EvaluateAnswer | undefined }): ReactNode {
  if (of === undefined) return null;
  if (of.kind === 'value') return <Payload title="Value" clip={of.value} size="medium" />;
  return (
    <div className="problem bench-error" role="alert">
      <strong>{of.error}</strong>
      <span>{of.cause}</span>
    </div>
  );
}
