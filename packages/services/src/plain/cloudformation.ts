import { createHash } from 'node:crypto';
import type { JsonObject } from '@stepyard/asl';
import type { DeployedResource, DeployedStack } from '../assembly/deploy.ts';
import { asText } from '../member.ts';
import { ACCOUNT_ID, apiError, PARTITION, REGION, type HostedService } from '../service.ts';
import type { Operations } from '../wire/json-service.ts';
import { createQueryService } from '../wire/query-service.ts';

const SERVICE = 'cloudformation';

/** CloudFormation as far as it can be read: the stacks that the yard deployed from an assembly, with their outputs. */
export interface CloudFormationService extends HostedService {
  /** From now on these are the stacks. */
  show(stacks: readonly DeployedStack[]): void;
}

interface ShownStack {
  readonly stack: DeployedStack;
  readonly id: string;
  /** ISO 8601. */
  readonly created: string;
}

/** Stacks are made by the yard alone, from an assembly: whatever would create or change one is refused by name. */
export function createCloudFormation(): CloudFormationService {
  let shown: readonly ShownStack[] = [];
  const operations = operationsOf(() => shown);
  const service = createQueryService({
    name: SERVICE,
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    operations: () => operations,
  });
  return {
    ...service,
    show(stacks) {
      const created = new Date().toISOString();
      shown = stacks.map((stack) => ({ stack, id: stackId(stack.name), created }));
    },
  };
}

function operationsOf(shown: () => readonly ShownStack[]): Operations {
  const find = (input: JsonObject): ShownStack => {
    const name = asText(input['StackName']);
    const found = shown().find(({ stack, id }) => stack.name === name || id === name);
    if (found !== undefined) return found;
    throw apiError(SERVICE, 'ValidationError', `Stack with id ${name} does not exist`);
  };
  return {
    DescribeStacks: (input) => ({
      Stacks: (input['StackName'] === undefined ? shown() : [find(input)]).map(describeStack),
    }),
    ListStacks: () => ({ StackSummaries: shown().map(summary) }),
    DescribeStackResources(input) {
      const found = find(input);
      return { StackResources: found.stack.resources.map((resource) => describeResource(found, resource)) };
    },
    ListStackResources(input) {
      const found = find(input);
      return {
        StackResourceSummaries: found.stack.resources.map((resource) => resourceSummary(found, resource)),
      };
    },
  };
}

function describeStack({ stack, id, created }: ShownStack): JsonObject {
  return {
    StackId: id,
    StackName: stack.name,
    CreationTime: created,
    StackStatus: 'CREATE_COMPLETE',
    DisableRollback: false,
    Outputs: Object.entries(stack.outputs).map(([key, output]) => ({
      OutputKey: key,
      OutputValue: asText(output.value),
      ...(output.description === undefined ? {} : { Description: output.description }),
      ...(output.exportName === undefined ? {} : { ExportName: output.exportName }),
    })),
    Tags: [],
  };
}

function summary({ stack, id, created }: ShownStack): JsonObject {
  return { StackId: id, StackName: stack.name, CreationTime: created, StackStatus: 'CREATE_COMPLETE' };
}

function resourceSummary({ created }: ShownStack, resource: DeployedResource): JsonObject {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    LastUpdatedTimestamp: created,
    ResourceStatus: 'CREATE_COMPLETE',
    // What the yard only notes, or cannot do, is not passed off as made.
    ...(resource.class === 'hosted' ? {} : { ResourceStatusReason: `Stepyard: ${resource.class}` }),
  };
}

function describeResource(shown: ShownStack, resource: DeployedResource): JsonObject {
  const { LastUpdatedTimestamp: time, ...members } = resourceSummary(shown, resource);
  return { ...members, StackId: shown.id, StackName: shown.stack.name, Timestamp: time ?? '' };
}

/** The same for the same name: a stack keeps its id over a restart. */
function stackId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return `arn:${PARTITION}:cloudformation:${REGION}:${ACCOUNT_ID}:stack/${name}/${uuid.join('-')}`;
}
