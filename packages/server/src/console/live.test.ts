import { afterEach, beforeEach, expect, test } from 'vitest';
import { startYard, type Yard } from '../yard.ts';
import { CHANGES_MAX, READERS_MAX } from './live.ts';

let yard: Yard;
beforeEach(async () => {
  yard = await startYard({ jobs: 'process' });
});
afterEach(() => yard.close());

interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** A page that listens. */
async function listen(options: { arn?: string; lastId?: string } = {}) {
  const abort = new AbortController();
  const query = options.arn === undefined ? '' : `?arn=${encodeURIComponent(options.arn)}`;
  const response = await fetch(`${yard.origin}/_stepyard/api/live${query}`, {
    headers: {
      'x-stepyard-console': '1',
      ...(options.lastId === undefined ? {} : { 'last-event-id': options.lastId }),
    },
    signal: abort.signal,
  });
  const told: Told[] = [];
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const of = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
        if (of('event') !== '') told.push({ id: of('id'), event: of('event'), data: JSON.parse(of('data')) });
      }
    }
  })().catch(() => undefined);
  return {
    response,
    told,
    async close() {
      abort.abort();
      await reading;
    },
  };
}

async function run(count = 1): Promise<string> {
  const { stateMachineArn } = await yard.engine.createStateMachine({
    name: 'm',
    definition: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
    roleArn: 'arn:aws:iam::000000000000:role/r',
  });
  let arn = '';
  for (let index = 0; index < count; index++)
    ({ executionArn: arn } = await yard.engine.start({ stateMachineArn }));
  return arn;
}

test('says hello first, and then what changes, several changes of one execution as one', async () => {
  const page = await listen();
  await expect.poll(() => page.told.map(({ event }) => event)).toEqual(['hello']);
  const executionArn = await run();
  await expect
    .poll(() => page.told.at(-1))
    .toMatchObject({
      event: 'executions',
      data: [{ executionArn, status: 'SUCCEEDED', eventCount: 4, mapRunArn: null }],
    });
  await page.close();
});

test('with an ARN, tells of that execution alone', async () => {
  const first = await run();
  const page = await listen({ arn: first });
  const all = await listen();
  await expect.poll(() => page.told.length + all.told.length).toBe(2);
  await run();
  await expect.poll(() => all.told.length).toBe(2);
  expect(page.told).toHaveLength(1);
  await page.close();
  await all.close();
});

test('who comes back is told what it missed; who comes too late, to read anew', async () => {
  const all = await listen();
  await run();
  await expect.poll(() => all.told.length).toBe(2);
  const [hello] = all.told;
  const again = await listen({ lastId: hello?.id ?? '' });
  await expect.poll(() => again.told).toEqual([all.told[1]]);
  const stranger = await listen({ lastId: '5' });
  await expect.poll(() => stranger.told[0]?.event).toBe('hello');
  for (const page of [all, again, stranger]) await page.close();
});

test('more than so many changes at once are told as a number', async () => {
  const page = await listen();
  await run(CHANGES_MAX + 1);
  await expect.poll(() => page.told.some(({ event }) => event === 'many'), { timeout: 10_000 }).toBe(true);
  await page.close();
});

test('has room for so many pages', async () => {
  const pages = await Promise.all(Array.from({ length: READERS_MAX }, () => listen()));
  const refused = await listen();
  expect(refused.response.status).toBe(503);
  for (const page of [...pages, refused]) await page.close();
});
