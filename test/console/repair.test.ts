import { describe, expect, test } from 'vitest';
import { chromiumPath, withChromium } from './browser.ts';
import { waitingForToken } from './machines.ts';
import { SOON, useSession, write } from './session.ts';
import { FAILING, HOSTILE, waiting, type ConsoleYard } from './yard.ts';

const session = useSession();

let machines = 0;
/** A machine of its own for each test. */
const machine = (definition: Parameters<ConsoleYard['machine']>[1]): Promise<string> =>
  session.yard.machine(`machine-${++machines}`, definition);

/** An execution that waits for its token, opened at the state that waits; and how it ends. */
async function openWaiting(definition: Parameters<ConsoleYard['machine']>[1]) {
  const { yard, page } = session;
  const { executionArn } = await yard.yard.engine.start({ stateMachineArn: await machine(definition) });
  await page.goto(yard.place(`executions/${executionArn}?visit=2`));
  return { executionArn, end: () => yard.yard.engine.whenEnded(executionArn) };
}

async function tokenMachine() {
  const { QueueUrl } = await session.yard.call('sqs', 'CreateQueue', { QueueName: 'tokens' });
  return waitingForToken(typeof QueueUrl === 'string' ? QueueUrl : '');
}

describe.skipIf(chromiumPath === undefined)(`repair ${withChromium}`, () => {
  test('a failure is understood in three clicks', async () => {
    const { page, yard } = session;
    await yard.run(await machine(FAILING), '{"order":50}');
    await page.goto(yard.place('machines'));
    await page.getByRole('link', { name: `machine-${machines}`, exact: true }).click();
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('button', { name: /^Refuse/u }).click();
    const panel = page.getByRole('complementary', { name: 'State Refuse' });
    await expect.poll(() => panel.innerText(), SOON).toContain('TooLarge');
    expect(await panel.innerText()).toContain(`The order is too large ${HOSTILE}`);
  });

  test('an activity is answered by hand: it fails, is redriven and succeeds, and the page follows by itself', async () => {
    const { page, yard } = session;
    const { activityArn } = await yard.yard.engine.createActivity('approval');
    const { executionArn } = await openWaiting(waiting(activityArn));
    await page.getByText('Waits for a worker of its activity').waitFor();
    await page.getByRole('button', { name: 'Fail…' }).click();
    await page.getByRole('textbox', { name: 'Error' }).fill('Denied');
    await page.getByRole('button', { name: 'Send failure' }).click();
    await page.getByText('Failed', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Redrive', exact: true }).click();
    await page.getByRole('button', { name: 'Succeed…' }).click();
    await write(page, 'Output', '{"by":"hand"}');
    await page.getByRole('button', { name: 'Send success' }).click();
    await expect
      .poll(async () => (await yard.yard.engine.describe(executionArn)).output, SOON)
      .toBe('{"by":"hand"}');
    await page.locator('[data-state="/States/Done"].succeeded').waitFor();
  });

  test('a task token is answered by hand: a heartbeat puts its end off, a success ends it', async () => {
    const { page } = session;
    const { end } = await openWaiting(await tokenMachine());
    const due = page.getByText(/heartbeat due in/u);
    await due.waitFor();
    const leftSeconds = async (): Promise<number> => {
      const [, minutes, seconds] = /(\d+) min (\d+) s/u.exec(await due.innerText()) ?? [];
      return Number(minutes) * 60 + Number(seconds);
    };
    await expect.poll(leftSeconds, SOON).toBeLessThan(598);
    const before = await leftSeconds();
    await page.getByRole('button', { name: 'Heartbeat', exact: true }).click();
    await expect.poll(leftSeconds, SOON).toBeGreaterThan(before);
    await page.getByRole('button', { name: 'Succeed…' }).click();
    await write(page, 'Output', '{"answer":42}');
    await page.getByRole('button', { name: 'Send success' }).click();
    expect(await end()).toMatchObject({ status: 'SUCCEEDED', output: '{"answer":42}' });
    await page.locator('[data-state="/States/Done"].succeeded').waitFor();
  });

  test('a task token is answered with a failure, which a Catch takes', async () => {
    const { page } = session;
    const { end } = await openWaiting(await tokenMachine());
    await page.getByRole('button', { name: 'Fail…' }).click();
    await page.getByRole('textbox', { name: 'Error' }).fill('Denied');
    await page.getByRole('textbox', { name: 'Cause' }).fill('Nobody likes it.');
    await page.getByRole('button', { name: 'Send failure' }).click();
    expect(await end()).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"Error":"Denied","Cause":"Nobody likes it."}',
    });
    await page.locator('[data-state="/States/Ask"].caught').waitFor();
    await page.locator('[data-state="/States/Refused"].succeeded').waitFor();
  });

  test('a running execution is stopped', async () => {
    const { page } = session;
    const { end } = await openWaiting(await tokenMachine());
    await page.getByRole('button', { name: 'Stop…' }).click();
    await page.getByRole('textbox', { name: 'Cause' }).fill('It was a mistake.');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    expect(await end()).toMatchObject({ status: 'ABORTED', cause: 'It was a mistake.' });
    await page.locator('[data-state="/States/Ask"].aborted').waitFor();
    await page.getByRole('note', { name: 'Why it ended' }).getByText('It was a mistake.').waitFor();
  });

  test('a failed execution is run again from a state with other data and another definition, and compared', async () => {
    const { page, yard } = session;
    const failed = await yard.run(await machine(FAILING), '{"order":50}');
    await page.goto(yard.place(`executions/${failed}`));
    await page.getByRole('button', { name: /^Is it small/u }).click();
    await page.getByRole('button', { name: 'Run again from here…' }).click();
    await write(page, 'Input of the state', '{"order":1}');
    await write(page, 'Variables', '{"seen":"by hand"}');
    await page.getByText('With another definition, for this execution alone').click();
    const other = {
      ...FAILING,
      States: {
        ...(FAILING['States'] as object),
        Accept: { Type: 'Pass', Parameters: { 'was.$': '$seen' }, End: true },
      },
    };
    await write(page, 'Definition', JSON.stringify(other));
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(failed));
    await page.locator('[data-state="/States/Accept"].succeeded').waitFor();
    const [fork] = await yard.yard.engine.listAll();
    expect(fork).toMatchObject({ status: 'SUCCEEDED', forkOf: failed });
    expect(await yard.yard.engine.describe(fork?.executionArn ?? '')).toMatchObject({
      output: '{"was":"by hand"}',
    });

    await page.locator('main').getByRole('link', { name: 'Compare' }).click();
    const steps = page.getByRole('table', { name: 'Steps' });
    await steps.waitFor();
    const rows = await steps.getByRole('row').allInnerTexts();
    const row = (name: string): string =>
      rows.find((text) => text.startsWith(name))?.replaceAll(/\s+/gu, ' ') ?? '';
    expect(row('Is it small?')).toMatch(/Succeeded \d+ ms Succeeded/u);
    expect(row('Refuse')).toMatch(/not entered .*Failed TooLarge|Failed TooLarge .*not entered/u);
    expect(row('Accept')).toMatch(/Succeeded .*not entered|not entered .*Succeeded/u);
  });

  test('an iteration of a Map is run again from a state within it, with another input', async () => {
    const { page, yard } = session;
    const inner = { StartAt: 'Each', States: { Each: { Type: 'Pass', End: true } } };
    const arn = await yard.run(
      await machine({ StartAt: 'All', States: { All: { Type: 'Map', ItemProcessor: inner, End: true } } }),
      '[1,2]',
    );
    // Events 1-5: started, the Map entered and started, two iterations.
    await page.goto(yard.place(`executions/${arn}?visit=6`));
    await page.getByRole('button', { name: 'Run again from here…' }).click();
    await write(page, 'Input of the state', '"edited"');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(arn));
    await page.getByText('from Each in All, line 1', { exact: true }).waitFor();
    const [fork] = await yard.yard.engine.listAll();
    expect(fork).toMatchObject({ status: 'SUCCEEDED', forkOf: arn });
    const { output } = await yard.yard.engine.describe(fork?.executionArn ?? '');
    expect(output).toBe('["edited",2]');
  });
});
