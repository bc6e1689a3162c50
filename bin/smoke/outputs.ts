import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { OutputKey, UseCase } from '../../lib/outputs.ts';
import { stackName } from '../../lib/outputs.ts';

/** A stack's outputs by their keys. */
export interface DeployedStack {
  readonly name: string;
  /** Throws when the stack has no such output: it was deployed from another version. */
  output(key: OutputKey): string;
}

/** Finds a deployed stack. undefined: it is not deployed. Rejects on any other error, missing credentials for one. */
export async function deployedStack(stage: string, useCase: UseCase): Promise<DeployedStack | undefined> {
  const name = stackName(stage, useCase);
  const client = new CloudFormationClient({});
  try {
    const { Stacks: stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = new Map(stacks[0]?.Outputs?.map((output) => [output.OutputKey, output.OutputValue]));
    return {
      name,
      output(key) {
        const value = outputs.get(key);
        if (value === undefined) throw new Error(`stack ${name} has no output ${key}: deploy it again`);
        return value;
      },
    };
  } catch (error) {
    // CloudFormation says so with a ValidationError and this text.
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}
