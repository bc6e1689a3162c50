import { findIntegration, sdkService, tasksOf, type Json, type TaskDescription } from '@stepyard/asl';

/** Hosted, but there is nothing in them until something is deployed: no function, no job definition, no cluster. */
const NEEDS_DEPLOYMENT: ReadonlySet<string> = new Set(['lambda', 'batch', 'ecs']);

/**
 * The Tasks of a definition that nothing in a single run answers, as `'Run job' (batch:submitJob.sync)`: neither a mock nor a hosted
 * service, or nobody who would hand a task token back.
 */
export function unansweredTasks(
  definition: Json,
  isMocked: (stateName: string) => boolean,
  hosted: ReadonlySet<string>,
): string[] {
  return tasksOf(definition).flatMap((task) => {
    const label = labelOf(task);
    // A worker of an activity asks for its task; a mock cannot.
    if (task.resource?.kind !== 'activity' && isMocked(task.name)) return [];
    return isAnswered(task, hosted) ? [] : [`'${task.name}' (${label})`];
  });
}

function isAnswered({ resource }: TaskDescription, hosted: ReadonlySet<string>): boolean {
  if (resource === undefined || resource.kind === 'activity' || resource.kind === 'lambda') return false;
  if (resource.pattern === 'waitForTaskToken') return false;
  const service =
    resource.kind === 'sdk'
      ? (sdkService(resource.service)?.client ?? resource.service)
      : (findIntegration(resource.service, resource.action)?.api.service ?? resource.service);
  return hosted.has(service) && !NEEDS_DEPLOYMENT.has(service);
}

/** A service's action without what every ARN begins with; functions and activities whole. */
function labelOf({ resourceText }: TaskDescription): string {
  return resourceText.replace(/^arn:[^:]*:states:::/u, '');
}
