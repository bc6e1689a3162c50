import type { Page } from 'playwright-core';
import { heldMap, hugeInput, LARGE, LOUD, RETRIED } from './machines.ts';
import {
  DISTRIBUTED,
  FAILING,
  fillServices,
  NESTED,
  startConsoleYard,
  waiting,
  type ConsoleYard,
} from './yard.ts';

export const PLACE_NAMES = [
  'machines',
  'machine',
  'machine-unused',
  'machine-definition',
  'machine-large',
  'machine-details',
  'execution-failed',
  'execution-loud',
  'execution-state',
  'execution-flow',
  'execution-table',
  'execution-timeline',
  'execution-events',
  'execution-event',
  'execution-data',
  'execution-definition',
  'execution-huge',
  'execution-huge-state',
  'execution-past',
  'execution-nested',
  'execution-nested-table',
  'execution-retried',
  'execution-large',
  'execution-waiting',
  'execution-waiting-state',
  'execution-distributed',
  'map-run',
  'map-run-running',
  'compare',
  'compare-data',
  'compare-nothing',
  'expression',
  'expression-result',
  'test-state',
  'test-state-result',
  'dialog-start',
  'dialog-fork',
  'dialog-stop',
  'dialog-success',
  'dialog-failure',
  'dialog-limits',
  'dialog-shortcuts',
  'navigation',
  'message',
  'activities',
  'queues',
  'queue',
  'topics',
  'topic',
  'tables',
  'table',
  'buckets',
  'bucket',
  'functions',
  'jobs',
  'logs',
  'log-group',
] as const;

/** A page of the console with something to show. */
export interface Place {
  readonly name: (typeof PLACE_NAMES)[number];
  /** Below `/_stepyard/`. */
  readonly path: string;
  /** What is done there before it is looked at. */
  readonly act?: (page: Page) => Promise<void>;
}

/** A yard in which every page has something to show, and where the pages are. */
export async function allPlaces(): Promise<{
  readonly yard: ConsoleYard;
  readonly places: readonly Place[];
}> {
  const yard = await startConsoleYard();
  await fillServices(yard);
  const places = [...(await executionPlaces(yard)), ...(await waitingPlaces(yard)), ...servicePlaces(yard)];
  return { yard, places };
}

const at = (arn: string): string => `executions/${arn}`;
const part = encodeURIComponent;

async function executionPlaces(yard: ConsoleYard): Promise<readonly Place[]> {
  const failing = await yard.machine('order', FAILING);
  await yard.machine('unused', { StartAt: 'Only', States: { Only: { Type: 'Succeed' } } });
  const [retried, failed, succeeded, loud, large, nested] = await Promise.all([
    yard.machine('retried', RETRIED).then((machine) => yard.run(machine)),
    yard.run(failing, '{"order":50}'),
    yard.run(failing, '{"order":5}'),
    yard.machine('loud', LOUD).then((machine) => yard.run(machine, hugeInput())),
    yard.machine('large', LARGE).then((machine) => yard.run(machine, '{"n":8}')),
    yard.machine('nested', NESTED).then((machine) => yard.run(machine, '{"items":[1,2,3]}')),
  ]);
  const compared = `compare?left=${failed}&right=${succeeded}`;
  return [
    { name: 'machines', path: 'machines' },
    { name: 'machine', path: 'machines/order' },
    { name: 'machine-unused', path: 'machines/unused' },
    { name: 'machine-definition', path: 'machines/order?tab=definition' },
    { name: 'machine-large', path: 'machines/large?tab=definition' },
    { name: 'machine-details', path: 'machines/order?tab=details' },
    { name: 'execution-failed', path: at(failed) },
    { name: 'execution-loud', path: at(loud) },
    { name: 'execution-state', path: `${at(failed)}?visit=2` },
    { name: 'execution-flow', path: `${at(failed)}?visit=2&tab=flow` },
    { name: 'execution-table', path: `${at(failed)}?view=table&visit=4` },
    { name: 'execution-timeline', path: `${at(nested)}?view=timeline` },
    { name: 'execution-events', path: `${at(failed)}?view=events` },
    { name: 'execution-event', path: `${at(failed)}?view=events&event=9` },
    { name: 'execution-data', path: `${at(succeeded)}?view=data` },
    { name: 'execution-definition', path: `${at(succeeded)}?view=definition` },
    { name: 'execution-huge', path: `${at(loud)}?view=data` },
    { name: 'execution-huge-state', path: `${at(loud)}?visit=2&tab=variables` },
    { name: 'execution-past', path: `${at(nested)}?at=16` },
    { name: 'execution-nested', path: at(nested) },
    { name: 'execution-nested-table', path: `${at(nested)}?view=table` },
    { name: 'execution-retried', path: `${at(retried)}?view=table&visit=2&tab=task` },
    { name: 'execution-large', path: at(large) },
    { name: 'compare', path: compared },
    { name: 'compare-data', path: compared, act: clicked('Show the data of Refuse') },
    { name: 'compare-nothing', path: 'compare' },
    { name: 'expression', path: `expression?arn=${failed}&visit=2` },
    { name: 'expression-result', path: `expression?arn=${failed}&visit=2`, act: clicked('Evaluate') },
    { name: 'test-state', path: 'test-state' },
    { name: 'test-state-result', path: 'test-state', act: clicked('Test') },
    { name: 'dialog-start', path: 'machines/order', act: dialog('Start execution…') },
    { name: 'dialog-fork', path: `${at(failed)}?visit=2`, act: forkDialog },
    { name: 'dialog-shortcuts', path: at(failed), act: dialog('Keyboard shortcuts') },
    { name: 'navigation', path: 'machines', act: openNavigation },
    { name: 'message', path: at(failed), act: showMessage },
  ];
}

async function waitingPlaces(yard: ConsoleYard): Promise<readonly Place[]> {
  const { engine } = yard.yard;
  const items = JSON.stringify(Array.from({ length: 200 }, (_, index) => index % 10));
  const distributed = await yard.run(await yard.machine('import', DISTRIBUTED), items);
  const { activityArn } = await engine.createActivity('approval');
  const approve = await yard.machine('approve', waiting(activityArn));
  const { executionArn: waits } = await engine.start({ stateMachineArn: approve });
  const held = await yard.machine('held', heldMap((await engine.createActivity('work')).activityArn));
  const { executionArn: running } = await engine.start({ stateMachineArn: held, input: items });
  const answered = `${at(waits)}?visit=2`;
  const runningMap = `map-runs/${part(await yard.mapRun(running))}`;
  return [
    { name: 'execution-waiting', path: at(waits) },
    { name: 'execution-waiting-state', path: answered },
    { name: 'execution-distributed', path: at(distributed) },
    { name: 'map-run', path: `map-runs/${part(await yard.mapRun(distributed))}` },
    { name: 'map-run-running', path: runningMap },
    { name: 'dialog-stop', path: at(waits), act: dialog('Stop…') },
    { name: 'dialog-success', path: answered, act: dialog('Succeed…') },
    { name: 'dialog-failure', path: answered, act: dialog('Fail…') },
    { name: 'dialog-limits', path: runningMap, act: dialog('Concurrency and tolerance…') },
  ];
}

function servicePlaces({ yard }: ConsoleYard): readonly Place[] {
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:notifications';
  return [
    { name: 'activities', path: 'services/activities' },
    { name: 'queues', path: 'services/queues' },
    { name: 'queue', path: `services/queues/${part(`${yard.origin}/000000000000/orders`)}` },
    { name: 'topics', path: 'services/topics' },
    { name: 'topic', path: `services/topics/${part(topicArn)}` },
    { name: 'tables', path: 'services/tables' },
    { name: 'table', path: 'services/tables/orders' },
    { name: 'buckets', path: 'services/buckets' },
    { name: 'bucket', path: 'services/buckets/files?prefix=in/&key=in/one.json' },
    { name: 'functions', path: 'services/functions' },
    { name: 'jobs', path: 'services/jobs' },
    { name: 'logs', path: 'services/logs' },
    { name: 'log-group', path: `services/logs/${part('/app/log')}` },
  ];
}

function clicked(button: string): (page: Page) => Promise<void> {
  return (page) => page.getByRole('button', { name: button, exact: true }).click();
}

function dialog(button: string): (page: Page) => Promise<void> {
  return async (page) => {
    await clicked(button)(page);
    await page.getByRole('dialog').waitFor();
  };
}

async function forkDialog(page: Page): Promise<void> {
  await dialog('Run again from here…')(page);
  await page.getByText('With another definition, for this execution alone').click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Definition' }).waitFor();
}

/** Where the window is narrow; elsewhere it is there already. */
async function openNavigation(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Navigation', exact: true });
  if (await button.isVisible()) await button.click();
}

/** Messages of a success and of a failure. */
async function showMessage(page: Page): Promise<void> {
  await page.context().grantPermissions(['clipboard-write']);
  await clicked('Copy the ARN')(page);
  await page.getByText('Copied: the ARN.').waitFor();
}
