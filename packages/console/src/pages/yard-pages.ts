/** The pages about the yard itself and the tools: what lies in its services, expressions, states, two executions. */
import type { PathParameters } from '../model/paths.ts';
import { view, type LazyView } from './lazy-view.ts';

const last = (text: string | undefined): string => text?.split(/[:/]/u).at(-1) ?? '';

function list(path: string, label: string, keys: string) {
  return { path: `services/${path}`, label, group: 'Services', keys };
}

export const YARD_SECTIONS = [
  { path: 'compare', label: 'Compare', group: 'Tools', keys: 'g c' },
  { path: 'expression', label: 'Try an expression', group: 'Tools', keys: 'g e' },
  { path: 'test-state', label: 'Test a state', group: 'Tools', keys: 'g t' },
  list('activities', 'Activities', 'g a'),
  list('queues', 'Queues', 'g q'),
  list('topics', 'Topics', 'g o'),
  list('tables', 'Tables', 'g d'),
  list('buckets', 'Buckets', 'g b'),
  list('functions', 'Functions', 'g f'),
  list('jobs', 'Jobs and tasks', 'g j'),
  list('logs', 'Log groups', 'g l'),
] as const;

interface YardPage {
  readonly pattern: string;
  readonly section: string;
  title(parameters: PathParameters): string;
  readonly view: LazyView;
}

function page(pattern: string, section: string, title: YardPage['title'], found: LazyView): YardPage {
  return { pattern, section, title, view: found };
}

const queues = async () => import('./services/queues.tsx');
const topics = async () => import('./services/topics.tsx');
const tables = async () => import('./services/tables.tsx');
const buckets = async () => import('./services/buckets.tsx');
const jobs = async () => import('./services/jobs.tsx');
const logs = async () => import('./services/logs.tsx');

export const YARD_PAGES: readonly YardPage[] = [
  page(
    'compare',
    'compare',
    () => 'Compare',
    view(async () => import('./compare/compare-page.tsx'), 'ComparePage'),
  ),
  page(
    'expression',
    'expression',
    () => 'Try an expression',
    view(async () => import('./expression/expression-page.tsx'), 'ExpressionPage'),
  ),
  page(
    'test-state',
    'test-state',
    () => 'Test a state',
    view(async () => import('./test-state/test-state-page.tsx'), 'TestStatePage'),
  ),
  page(
    'services/activities',
    'services/activities',
    () => 'Activities',
    view(async () => import('./services/activities.tsx'), 'ActivitiesPage'),
  ),
  page('services/queues', 'services/queues', () => 'Queues', view(queues, 'QueuesPage')),
  page('services/queues/:url', 'services/queues', ({ url }) => last(url), view(queues, 'QueuePage')),
  page('services/topics', 'services/topics', () => 'Topics', view(topics, 'TopicsPage')),
  page('services/topics/:arn', 'services/topics', ({ arn }) => last(arn), view(topics, 'TopicPage')),
  page('services/tables', 'services/tables', () => 'Tables', view(tables, 'TablesPage')),
  page('services/tables/:name', 'services/tables', ({ name }) => name ?? '', view(tables, 'TablePage')),
  page('services/buckets', 'services/buckets', () => 'Buckets', view(buckets, 'BucketsPage')),
  page('services/buckets/:name', 'services/buckets', ({ name }) => name ?? '', view(buckets, 'BucketPage')),
  page(
    'services/functions',
    'services/functions',
    () => 'Functions',
    view(async () => import('./services/functions.tsx'), 'FunctionsPage'),
  ),
  page('services/jobs', 'services/jobs', () => 'Jobs and tasks', view(jobs, 'JobsPage')),
  page('services/jobs/:service/:id', 'services/jobs', ({ id }) => last(id), view(jobs, 'JobPage')),
  page('services/logs', 'services/logs', () => 'Log groups', view(logs, 'LogGroupsPage')),
  page('services/logs/:group', 'services/logs', ({ group }) => group ?? '', view(logs, 'LogGroupPage')),
];
