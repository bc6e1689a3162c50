import type { ReactNode } from 'react';
import type { AttemptDetail, ConsoleEvent } from '../../../api/types.ts';
import { useQuery } from '../../../api/use-query.ts';
import { Payload } from '../../../components/payload.tsx';
import { Answered, Empty } from '../../../components/states.tsx';
import { Status } from '../../../components/status.tsx';
import { detailFields, isLong, spelled } from '../../../model/event-details.ts';
import { formatDuration, formatTime } from '../../../model/format.ts';
import { useYardNow } from '../../../state/yard-clock.ts';
import { changeQuery } from '../../../router/location.ts';
import type { VisitTabProps } from './data-tabs.tsx';

const ATTEMPTS_SHOWN_MAX = 20;

/** What was asked of the service, and what it answered: each attempt, the last first. */
export function TaskTab({ arn, visit }: VisitTabProps): ReactNode {
  const latest = visit.attempts.toReversed().slice(0, ATTEMPTS_SHOWN_MAX);
  return latest.map((attempt, index) => (
    <AttemptBlock
      key={attempt.event}
      arn={arn}
      attempt={attempt}
      number={visit.attempts.length - index}
      isOnly={visit.attempts.length === 1}
    />
  ));
}

function AttemptBlock({
  arn,
  attempt,
  number,
  isOnly,
}: {
  readonly arn: string;
  readonly attempt: AttemptDetail;
  readonly number: number;
  readonly isOnly: boolean;
}): ReactNode {
  const { event, endEvent, scheduledMs, endedMs, status, error, cause } = attempt;
  const scheduled = useQuery('events', { arn, from: String(event), count: '1' });
  const ended = useQuery('events', endEvent === 0 ? null : { arn, from: String(endEvent), count: '1' });
  const nowMs = useYardNow(endedMs === null ? 500 : null);
  return (
    <section className="attempt-block">
      <header>
        <h3>{isOnly ? 'Task' : `Attempt ${number}`}</h3>
        <Status of={status} />
        <span className="number">{formatDuration((endedMs ?? nowMs) - scheduledMs)}</span>
        <span className="faint number">{formatTime(scheduledMs)}</span>
        <button type="button" className="link" onClick={() => changeQuery({ view: 'events', event }, true)}>
          event {event}
        </button>
      </header>
      {error !== null && (
        <div className="failure" role="note" aria-label="Error of the attempt">
          <strong>{error}</strong>
          {cause !== null && <pre tabIndex={0}>{cause.slice(0, 2000)}</pre>}
        </div>
      )}
      <Answered of={scheduled} what="the request">
        {({ events: [first] }) => (first === undefined ? null : <Fields of={first} titles={REQUEST} />)}
      </Answered>
      {endEvent !== 0 && (
        <Answered of={ended} what="the response">
          {({ events: [last] }) => (last === undefined ? null : <Fields of={last} titles={RESPONSE} />)}
        </Answered>
      )}
    </section>
  );
}

const REQUEST: Readonly<Record<string, string>> = { parameters: 'Request', input: 'Request' };
const RESPONSE: Readonly<Record<string, string>> = { output: 'Response' };
/** Said elsewhere: the error stands above, resource and region stand with the request. */
const SAID = new Set(['error', 'cause']);

function Fields({
  of: { details },
  titles,
}: {
  readonly of: ConsoleEvent;
  readonly titles: Readonly<Record<string, string>>;
}): ReactNode {
  const { payloads, facts } = detailFields(details);
  const shown =
    titles === REQUEST ? facts : facts.filter(({ name }) => !SAID.has(name) && !name.startsWith('resource'));
  return (
    <>
      {shown.length > 0 && (
        <dl className="facts">
          {shown.map(({ name, text }) => (
            <div key={name} className={isLong(text) ? 'long' : ''}>
              <dt>{spelled(name)}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
      {payloads.map(({ name, text }) => (
        <Payload key={name} title={titles[name] ?? spelled(name)} clip={{ text, length: text.length }} />
      ))}
    </>
  );
}

/** What the function or the container wrote while it ran this very task. */
export function LogsTab({ arn, visit }: VisitTabProps): ReactNode {
  return visit.attempts
    .toReversed()
    .slice(0, ATTEMPTS_SHOWN_MAX)
    .map((attempt, index) => (
      <AttemptLogs
        key={attempt.event}
        arn={arn}
        attempt={attempt}
        title={visit.attempts.length > 1 ? `Attempt ${visit.attempts.length - index}` : ''}
      />
    ));
}

function AttemptLogs({
  arn,
  attempt,
  title,
}: {
  readonly arn: string;
  readonly attempt: AttemptDetail;
  readonly title: string;
}): ReactNode {
  const logs = useQuery('taskLogs', { arn, task: String(attempt.event) });
  return (
    <section className="attempt-block">
      {title !== '' && <h3>{title}</h3>}
      <Answered of={logs} what="logs">
        {({ sources }) =>
          sources.length === 0 ? (
            <Empty title="No logs">None are kept for this kind of task.</Empty>
          ) : (
            sources.map(({ group, stream, lines, isCut }) => (
              <div key={`${group} ${stream}`}>
                <p className="faint">
                  <code>
                    {group}
                    {stream !== null && ` · ${stream}`}
                  </code>
                  {isCut && ' (the beginning is left out)'}
                </p>
                {lines.length === 0 ? (
                  <p className="faint">It has written nothing.</p>
                ) : (
                  <pre className="log" tabIndex={0} aria-label={`Log ${group}`}>
                    {lines.map(({ timeMs, message }) => `${formatTime(timeMs)}  ${message.trimEnd()}\n`)}
                  </pre>
                )}
              </div>
            ))
          )
        }
      </Answered>
    </section>
  );
}
