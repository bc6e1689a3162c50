import type { JsonObject } from '@stepyard/asl';
import type { BatchService } from '../batch/batch.ts';
import type { Services } from '../create-services.ts';
import type { EcsService } from '../ecs/ecs.ts';
import type { ImageRegistry } from '../jobs/image-registry.ts';
import { refuseFeature, refuseOperation, type HostedService } from '../service.ts';
import { textOf } from './assets.ts';
import { objectsOf } from './members.ts';
import type { DeployTarget, FunctionDeployment, RuleDeployment, RuleTarget } from './target.ts';

export interface ServicesTargetOptions {
  readonly services: Services;
  readonly batch: BatchService;
  readonly ecs: EcsService;
  readonly images: ImageRegistry;
  /** Step Functions is not a service of this package. */
  readonly stepFunctions: Pick<DeployTarget, 'deployStateMachine' | 'createActivity'>;
}

/** Deploys to the hosted services of this process. */
export function createServicesTarget(options: ServicesTargetOptions): DeployTarget {
  const { services, batch, ecs, images, stepFunctions } = options;
  const hosted = new Map<string, HostedService>(
    [...services.all, batch, ecs].map((service) => [service.name, service]),
  );
  return {
    call(request) {
      const service = hosted.get(request.service);
      if (service === undefined) return Promise.reject(refuseOperation(request.service, request.operation));
      return service.call(request.operation, request.input);
    },
    deployFunction: (deployment) => deployFunction(services, deployment),
    deployStateMachine: (deployment) => stepFunctions.deployStateMachine(deployment),
    createActivity: (name) => stepFunctions.createActivity(name),
    putRule: (deployment) => putRule(services.eventbridge, deployment),
    registerImage: (image) => images.register(image),
  };
}

function deployFunction(
  services: Services,
  deployment: FunctionDeployment,
): Promise<{ readonly functionArn: string }> {
  const { codePath, inlineCode, ...settings } = deployment;
  return services.lambda.putFunction({
    ...settings,
    reservedConcurrency: undefined,
    code:
      codePath === undefined ? { kind: 'inline', text: inlineCode ?? '' } : { kind: 'path', path: codePath },
  });
}

/** Makes the rule and exactly these targets. */
async function putRule(
  events: HostedService,
  deployment: RuleDeployment,
): Promise<{ readonly ruleArn: string }> {
  const { name, eventBusName, eventPattern, scheduleExpression, enabled, targets } = deployment;
  if (eventBusName !== 'default') throw refuseFeature('eventbridge', 'PutRule', `event bus ${eventBusName}`);
  const { output } = await events.call('PutRule', {
    Name: name,
    ...(eventPattern === undefined ? {} : { EventPattern: JSON.stringify(eventPattern) }),
    ...(scheduleExpression === undefined ? {} : { ScheduleExpression: scheduleExpression }),
    State: enabled ? 'ENABLED' : 'DISABLED',
  });
  const existing = (await events.call('ListTargetsByRule', { Rule: name })).output;
  const stale = objectsOf(existing['Targets'])
    .map((target) => textOf(target['Id']) ?? '')
    .filter((id) => targets.every((target) => target.id !== id));
  if (stale.length > 0) await events.call('RemoveTargets', { Rule: name, Ids: stale });
  if (targets.length > 0) {
    const result = await events.call('PutTargets', {
      Rule: name,
      Targets: targets.map((target) => targetInput(target)),
    });
    const [failed] = objectsOf(result.output['FailedEntries']);
    if (failed !== undefined) {
      throw new Error(
        `target ${textOf(failed['TargetId']) ?? ''}: ${textOf(failed['ErrorMessage']) ?? 'failed'}`,
      );
    }
  }
  return { ruleArn: textOf(output['RuleArn']) ?? '' };
}

function targetInput(target: RuleTarget): JsonObject {
  return {
    Id: target.id,
    Arn: target.arn,
    ...(target.roleArn === undefined ? {} : { RoleArn: target.roleArn }),
    ...(target.input === undefined ? {} : { Input: target.input }),
    ...(target.inputPath === undefined ? {} : { InputPath: target.inputPath }),
    ...(target.inputTransformer === undefined
      ? {}
      : {
          InputTransformer: {
            InputPathsMap: target.inputTransformer.inputPathsMap,
            InputTemplate: target.inputTransformer.inputTemplate,
          },
        }),
    ...(target.messageGroupId === undefined
      ? {}
      : { SqsParameters: { MessageGroupId: target.messageGroupId } }),
  };
}
