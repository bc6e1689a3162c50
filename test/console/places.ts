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
  'execution-failed',
  'execution-state',
  'execution-events',
  'execution-nested',
  'execution-waiting',
  'execution-distributed',
  'map-run',
  'compare',
  'expression',
  'test-state',
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
}

/** A yard in which every page has something to show, and where the pages are. */
export async function allPlaces(): Promise<{
  readonly yard: ConsoleYard;
  readonly places: readonly Place[];
}> {
  const yard = await startConsoleYard();
  const { engine } = yard.yard;
  const failing = await yard.machine('order', FAILING);
  const failed = await yard.run(failing, '{"order":50}');
  const succeeded = await yard.run(failing, '{"order":5}');
  const nested = await yard.run(await yard.machine('nested', NESTED), '{"items":[1,2,3]}');
  const distributed = await yard.run(
    await yard.machine('import', DISTRIBUTED),
    JSON.stringify(Array.from({ length: 200 }, (_, index) => index % 10)),
  );
  const { activityArn } = await engine.createActivity('approval');
  const waits = await engine.start({ stateMachineArn: await yard.machine('approve', waiting(activityArn)) });
  await fillServices(yard);
  const [mapRun] = (await engine.listMapRuns({ executionArn: distributed })).items;
  const queueUrl = `${yard.yard.origin}/000000000000/orders`;
  const at = (arn: string): string => `executions/${arn}`;
  const part = encodeURIComponent;
  const places: readonly Place[] = [
    { name: 'machines', path: 'machines' },
    { name: 'machine', path: 'machines/order' },
    { name: 'execution-failed', path: at(failed) },
    { name: 'execution-state', path: `${at(failed)}?visit=2` },
    { name: 'execution-events', path: `${at(failed)}?view=events` },
    { name: 'execution-nested', path: at(nested) },
    { name: 'execution-waiting', path: at(waits.executionArn) },
    { name: 'execution-distributed', path: at(distributed) },
    { name: 'map-run', path: `map-runs/${part(mapRun?.mapRunArn ?? '')}` },
    { name: 'compare', path: `compare?left=${failed}&right=${succeeded}` },
    { name: 'expression', path: `expression?arn=${failed}&visit=2` },
    { name: 'test-state', path: 'test-state' },
    { name: 'activities', path: 'services/activities' },
    { name: 'queues', path: 'services/queues' },
    { name: 'queue', path: `services/queues/${part(queueUrl)}` },
    { name: 'topics', path: 'services/topics' },
    { name: 'topic', path: `services/topics/${part('arn:aws:sns:us-east-1:000000000000:notifications')}` },
    { name: 'tables', path: 'services/tables' },
    { name: 'table', path: 'services/tables/orders' },
    { name: 'buckets', path: 'services/buckets' },
    { name: 'bucket', path: 'services/buckets/files?prefix=in/&key=in/one.json' },
    { name: 'functions', path: 'services/functions' },
    { name: 'jobs', path: 'services/jobs' },
    { name: 'logs', path: 'services/logs' },
    { name: 'log-group', path: `services/logs/${part('/app/log')}` },
  ];
  return { yard, places };
}
