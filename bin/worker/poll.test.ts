import { describe, expect, test } from 'vitest';
import { answerQuestion, BadQuestionError } from './answer.ts';
import type { ActivityService, ActivityTask } from './poll.ts';
import { workUntilStopped } from './poll.ts';

interface Desk {
  readonly service: ActivityService;
  readonly stop: AbortController;
  readonly sent: string[];
}

/** A service that hands out tasks, notes the answers, and stops the worker when the tasks are used up. */
function desk(tasks: readonly (ActivityTask | undefined)[], refused = false): Desk {
  const stop = new AbortController();
  const sent: string[] = [];
  const queue = [...tasks];
  const note = async (line: string): Promise<void> => {
    sent.push(line);
    if (refused) throw new Error('TaskTimedOut');
  };
  return {
    stop,
    sent,
    service: {
      poll: async (signal) => {
        if (queue.length === 0) stop.abort();
        signal.throwIfAborted();
        return queue.shift();
      },
      heartbeat: (token) => note(`heartbeat ${token}`),
      succeed: (token, output) => note(`succeed ${token} ${output}`),
      fail: (token, error, cause) => note(`fail ${token} ${error}: ${cause}`),
    },
  };
}

const question = (token: string, numbers: unknown): ActivityTask => ({
  token,
  input: JSON.stringify({ numbers }),
});

async function run({ service, stop }: Desk, answer = answerQuestion, heartbeatMs = 60_000): Promise<number> {
  return workUntilStopped({ service, answer, heartbeatMs, stop: stop.signal, log: () => undefined });
}

describe('the activity worker', () => {
  test('answers what it is asked until it is stopped, and polls again when there was nothing', async () => {
    const work = desk([question('a', [1, 2, 3]), undefined, question('b', [])]);
    expect(await run(work)).toBe(2);
    expect(work.sent).toEqual(['succeed a {"answer":6}', 'succeed b {"answer":0}']);
  });

  test('fails a task that it cannot answer, by the name of the error, and goes on', async () => {
    const work = desk([question('a', ['x']), question('b', [1])]);
    expect(await run(work)).toBe(2);
    expect(work.sent).toEqual([
      'fail a BadQuestionError: the input has no list of numbers',
      'succeed b {"answer":1}',
    ]);
  });

  test('goes on when an answer comes too late', async () => {
    const work = desk([question('a', [1]), question('b', [2])], true);
    expect(await run(work)).toBe(2);
    expect(work.sent).toEqual(['succeed a {"answer":1}', 'succeed b {"answer":2}']);
  });

  test('sends heartbeats while it works, and none after', async () => {
    const work = desk([question('a', [1])]);
    const slow = async (): Promise<{ answer: number }> => {
      while (work.sent.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
      return { answer: 0 };
    };
    await workUntilStopped({
      service: work.service,
      answer: slow,
      heartbeatMs: 1,
      stop: work.stop.signal,
      log: () => undefined,
    });
    expect(work.sent.slice(0, 2)).toEqual(['heartbeat a', 'heartbeat a']);
    const count = work.sent.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(work.sent).toHaveLength(count);
  });

  test('rejects when Step Functions cannot be asked', async () => {
    const work = desk([]);
    const service = { ...work.service, poll: () => Promise.reject(new Error('ECONNREFUSED')) };
    await expect(run({ ...work, service })).rejects.toThrow('ECONNREFUSED');
  });
});

test.each(['oops', 'null', '{}', '{"numbers":{}}', '{"numbers":[null]}'])('%s is no question', (input) => {
  expect(() => answerQuestion(input)).toThrow(BadQuestionError);
});
