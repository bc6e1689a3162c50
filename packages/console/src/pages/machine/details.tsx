import { parseJson, tasksOf, type TaskDescription } from '@stepyard/asl';
import { useMemo, type ReactNode } from 'react';
import { listAliases, listVersions, type MachineDescription } from '../../api/step-functions.ts';
import { useAnswer } from '../../api/use-query.ts';
import { Answered } from '../../components/states.tsx';
import { formatDate } from '../../model/format.ts';
import { to } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';

/** What belongs to a state machine: role, logging, versions, aliases, and what its tasks call. */
export function Details({ machine }: { readonly machine: MachineDescription }): ReactNode {
  return (
    <div className="padded details">
      <Settings of={machine} />
      <Versions arn={machine.stateMachineArn} />
      <Aliases arn={machine.stateMachineArn} />
      <Integrations of={machine} />
    </div>
  );
}

function Settings({ of }: { readonly of: MachineDescription }): ReactNode {
  const logging = of.loggingConfiguration;
  const level = logging?.level ?? 'OFF';
  const group = logging?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['ARN', <code key="arn">{of.stateMachineArn}</code>],
    ['Role', <code key="role">{of.roleArn}</code>],
    ['Created', formatDate(of.creationDate * 1000)],
    [
      'Logging',
      level === 'OFF' ? 'Off' : `${level}${logging?.includeExecutionData === true ? ', with data' : ''}`,
    ],
    ...(group === undefined
      ? []
      : [['Log group', <code key="group">{group.split(':')[6] ?? group}</code>] as const]),
    ['Tracing', of.tracingConfiguration?.enabled === true ? 'On' : 'Off'],
    ...(of.description === undefined ? [] : [['Description', of.description] as const]),
  ];
  return (
    <section>
      <h2>Settings</h2>
      <dl className="facts wide">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Versions({ arn }: { readonly arn: string }): ReactNode {
  const versions = useAnswer(`versions ${arn}`, async () => listVersions(arn));
  return (
    <section>
      <h2>Versions</h2>
      <Answered of={versions} what="versions">
        {(list) =>
          list.length === 0 ? (
            <p className="faint">None has been published.</p>
          ) : (
            <ul>
              {list.map(({ stateMachineVersionArn, creationDate }) => (
                <li key={stateMachineVersionArn} className="line">
                  <strong>{lastPart(stateMachineVersionArn)}</strong>
                  <span className="faint number">{formatDate(creationDate * 1000)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}

function Aliases({ arn }: { readonly arn: string }): ReactNode {
  const aliases = useAnswer(`aliases ${arn}`, async () => listAliases(arn));
  return (
    <section>
      <h2>Aliases</h2>
      <Answered of={aliases} what="aliases">
        {(list) =>
          list.length === 0 ? (
            <p className="faint">There are none.</p>
          ) : (
            <ul>
              {list.map(({ stateMachineAliasArn, name, routingConfiguration }) => (
                <li key={stateMachineAliasArn} className="line">
                  <strong>{name}</strong>
                  {routingConfiguration.map(({ stateMachineVersionArn, weight }) => (
                    <span key={stateMachineVersionArn} className="pill">
                      version {lastPart(stateMachineVersionArn)}: {weight}%
                    </span>
                  ))}
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}

function Integrations({ of }: { readonly of: MachineDescription }): ReactNode {
  const tasks = useMemo(() => tasksOf(parseJson(of.definition) ?? null), [of.definition]);
  return (
    <section>
      <h2>What its tasks call</h2>
      {tasks.length === 0 ? (
        <p className="faint">It has no Task state.</p>
      ) : (
        <ul>
          {tasks.map((task) => (
            <li key={task.pointer} className="line">
              <Link to={`${to.machine(of.name, 'definition')}&state=${encodeURIComponent(task.pointer)}`}>
                {task.name}
              </Link>
              <span>{called(task)}</span>
              <code className="faint">{task.resourceText}</code>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function called({ resource }: TaskDescription): string {
  if (resource === undefined) return 'something unknown';
  switch (resource.kind) {
    case 'lambda':
      return 'a Lambda function';
    case 'activity':
      return 'an activity';
    case 'integration':
    case 'sdk': {
      const pattern = resource.pattern === 'requestResponse' ? '' : ` (${resource.pattern})`;
      return `${resource.service} ${resource.action}${pattern}`;
    }
  }
}

function lastPart(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}
