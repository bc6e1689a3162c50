import { check, graphOf, parse, parseJson, type Diagnostic } from '@stepyard/asl';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { MachineDescription } from '../../api/step-functions.ts';
import { Code } from '../../components/code/code.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { StateGraph } from '../../components/graph/state-graph.tsx';
import { Icon } from '../../components/icon.tsx';
import { formatCounted } from '../../model/format.ts';
import { formatJson } from '../../model/json-text.ts';
import { changeQuery, useLocation } from '../../router/location.ts';

type Format = 'json' | 'yaml';

/** A definition as a graph and as text; what the checker says of it stands at its line. */
export function Definition({ machine }: { readonly machine: MachineDescription }): ReactNode {
  const { query } = useLocation();
  const selected = query.get('state') ?? undefined;
  const [format, setFormat] = useState<Format>('json');
  const text = useMemo(() => formatJson(machine.definition), [machine.definition]);
  const graph = useMemo(() => graphOf(parseJson(text) ?? null), [text]);
  const findings = useMemo(
    () => check(text, { type: machine.type, substituted: true }),
    [text, machine.type],
  );
  const [shown, setShown] = useState<{ readonly from: number; readonly to: number } | undefined>(undefined);
  const showPointer = (pointer: string): void => {
    const { start } = parse(text).keyRangeOf(pointer);
    const { end } = parse(text).rangeOf(pointer);
    setFormat('json');
    setShown({ from: start.offset, to: end.offset });
  };
  return (
    <div className="definition">
      <StateGraph
        graph={graph}
        label={`Graph of ${machine.name}`}
        selected={selected}
        onSelect={(id) => {
          changeQuery({ state: id });
          showPointer(id);
        }}
      />
      <div className="definition-text">
        <div className="list-head">
          <div className="switch" role="group" aria-label="Format">
            {(['json', 'yaml'] as const).map((one) => (
              <button key={one} type="button" aria-pressed={format === one} onClick={() => setFormat(one)}>
                {one.toUpperCase()}
              </button>
            ))}
          </div>
          <span className="grow" />
          <CopyButton text={text} what="the definition" />
        </div>
        <div className="definition-code">
          {format === 'json' ? (
            <Code
              value={text}
              label="Definition"
              language="json"
              size="fill"
              findings={findings}
              show={shown}
            />
          ) : (
            <Yaml text={text} />
          )}
        </div>
        <Findings
          of={findings}
          onShow={({ range }) => {
            setFormat('json');
            setShown({ from: range.start.offset, to: range.end.offset });
          }}
        />
      </div>
    </div>
  );
}

/** The same as YAML; what writes it is loaded when it is wanted. */
function Yaml({ text }: { readonly text: string }): ReactNode {
  const [yaml, setYaml] = useState('');
  useEffect(() => {
    let isWanted = true;
    const write = async (): Promise<void> => {
      const { stringify } = await import('yaml');
      if (isWanted)
        setYaml(stringify(parseJson(text) ?? null, { lineWidth: 100, aliasDuplicateObjects: false }));
    };
    void write();
    return () => {
      isWanted = false;
    };
  }, [text]);
  return <Code value={yaml} label="Definition as YAML" language="text" size="fill" />;
}

function Findings({
  of,
  onShow,
}: {
  readonly of: readonly Diagnostic[];
  readonly onShow: (finding: Diagnostic) => void;
}): ReactNode {
  if (of.length === 0)
    return <p className="findings-none faint">The checker has nothing to say against it.</p>;
  return (
    <section className="findings" aria-label="Findings">
      <h3>{formatCounted(of.length, 'finding')}</h3>
      <ul>
        {of.map((finding) => (
          <li key={`${finding.code} ${finding.pointer} ${finding.range.start.offset}`}>
            <button type="button" onClick={() => onShow(finding)}>
              <Icon
                name={finding.severity === 'error' ? 'cross' : 'caught'}
                className={`status-icon ${finding.severity === 'error' ? 'failed' : 'caught'}`}
              />
              <span className="hidden-text">{finding.severity}</span>
              <span>{finding.message}</span>
              <span className="faint number">line {finding.range.start.line}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
