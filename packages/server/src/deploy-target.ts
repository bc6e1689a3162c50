import type { Json, JsonObject } from '@stepyard/asl';
import { type Engine, type ServiceCaller } from '@stepyard/engine';
import type {
  DeployTarget,
  FunctionDeployment,
  ImageRegistry,
  LambdaService,
  RuleDeployment,
  StateMachineDeployment,
} from '@stepyard/services';
import type { StepFunctionsApi } from './stepfunctions/api.ts';
import { text } from './stepfunctions/operation.ts';

export interface DeployTargetParts {
  readonly caller: ServiceCaller;
  readonly lambda: LambdaService;
  readonly images: ImageRegistry;
  readonly engine: Engine;
  readonly api: StepFunctionsApi;
  /** Hears of every state machine that was created or updated. */
  readonly onStateMachine: (machine: { name: string; type: 'STANDARD' | 'EXPRESS'; arn: string }) => void;
}

/** Deploys into a running yard: everything is created or updated under its name. */
export function createDeployTarget(parts: DeployTargetParts): DeployTarget {
  return {
    call: (request) => parts.caller.call(request),
    deployFunction: (deployment) => deployFunction(parts.lambda, deployment),
    deployStateMachine: (deployment) => deployStateMachine(parts, deployment),
    createActivity: async (name) => ({ activityArn: (await parts.engine.createActivity(name)).activityArn }),
    putRule: (deployment) => putRule(parts.caller, deployment),
    registerImage: (image) => parts.images.register(image),
  };
}

function deployFunction(
  lambda: LambdaService,
  deployment: FunctionDeployment,
): Promise<{ functionArn: string }> {
  const { codePath, inlineCode, ...settings } = deployment;
  if (codePath === undefined && inlineCode === undefined) {
    return Promise.reject(new Error(`the function ${deployment.functionName} has no code`));
  }
  const code =
    codePath === undefined
      ? ({ kind: 'inline', text: inlineCode ?? '' } as const)
      : ({ kind: 'path', path: codePath } as const);
  return lambda.putFunction({ ...settings, code, reservedConcurrency: undefined });
}

async function deployStateMachine(
  { api, engine, onStateMachine }: DeployTargetParts,
  deployment: StateMachineDeployment,
): Promise<{ stateMachineArn: string }> {
  const never = new AbortController().signal;
  const { name, type } = deployment;
  const settings: JsonObject = {
    definition: deployment.definition,
    roleArn: deployment.roleArn,
    tracingConfiguration: { enabled: deployment.tracingEnabled },
    ...(deployment.loggingConfiguration === undefined
      ? {}
      : { loggingConfiguration: deployment.loggingConfiguration }),
  };
  const existing = await findMachine(engine, name);
  let arn: string;
  if (existing === undefined) {
    const tags = Object.entries(deployment.tags).map(([key, value]) => ({ key, value }));
    const created = await api.call('CreateStateMachine', { name, type, ...settings, tags }, never);
    arn = text(created, 'stateMachineArn');
  } else {
    if (existing.type !== type) {
      throw new Error(
        `the state machine ${name} is ${existing.type} already, and a type cannot change: delete it first`,
      );
    }
    arn = existing.stateMachineArn;
    await api.call('UpdateStateMachine', { stateMachineArn: arn, ...settings }, never);
  }
  onStateMachine({ name, type, arn });
  return { stateMachineArn: arn };
}

async function findMachine(engine: Engine, name: string) {
  let after: string | undefined;
  do {
    const page = await engine.listStateMachines({
      maxResults: 1000,
      ...(after === undefined ? {} : { after }),
    });
    const found = page.items.find((machine) => machine.name === name);
    if (found !== undefined) return found;
    after = page.next;
  } while (after !== undefined);
  return undefined;
}

/** Creates or replaces a rule, and takes away targets that it no longer has. */
async function putRule(caller: ServiceCaller, rule: RuleDeployment): Promise<{ ruleArn: string }> {
  const call = async (operation: string, input: JsonObject): Promise<JsonObject> =>
    (await caller.call({ service: 'eventbridge', operation, input })).output;
  const pattern = rule.eventPattern === undefined ? {} : { EventPattern: JSON.stringify(rule.eventPattern) };
  const schedule =
    rule.scheduleExpression === undefined ? {} : { ScheduleExpression: rule.scheduleExpression };
  const put = await call('PutRule', {
    Name: rule.name,
    EventBusName: rule.eventBusName,
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    ...pattern,
    ...schedule,
  });
  const wanted = new Set(rule.targets.map((target) => target.id));
  const listed = (await call('ListTargetsByRule', { Rule: rule.name }))['Targets'];
  const stale = (Array.isArray(listed) ? listed : [])
    .map((target: JsonObject) => text(target, 'Id'))
    .filter((id) => !wanted.has(id));
  if (stale.length > 0) await call('RemoveTargets', { Rule: rule.name, Ids: stale });
  if (rule.targets.length > 0) {
    const answer = await call('PutTargets', { Rule: rule.name, Targets: rule.targets.map(wireTarget) });
    if (Number(answer['FailedEntryCount'] ?? 0) > 0) {
      throw new Error(
        `the rule ${rule.name} has a target that is refused: ${JSON.stringify(answer['FailedEntries'])}`,
      );
    }
  }
  return { ruleArn: text(put, 'RuleArn') };
}

function wireTarget(target: RuleDeployment['targets'][number]): JsonObject {
  const wire: Record<string, Json | undefined> = {
    Id: target.id,
    Arn: target.arn,
    RoleArn: target.roleArn,
    Input: target.input,
    InputPath: target.inputPath,
    InputTransformer:
      target.inputTransformer === undefined
        ? undefined
        : {
            InputPathsMap: target.inputTransformer.inputPathsMap,
            InputTemplate: target.inputTransformer.inputTemplate,
          },
    SqsParameters:
      target.messageGroupId === undefined ? undefined : { MessageGroupId: target.messageGroupId },
  };
  return Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== undefined)) as JsonObject;
}
