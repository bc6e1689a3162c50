import type { JsonObject } from '@stepyard/asl';
import type { Assets } from './assets.ts';
import type { NameRules } from './names.ts';
import type { Provisioned } from './scope.ts';
import type { DeployTarget } from './target.ts';

/** What a provisioner knows besides the resource's resolved properties. */
export interface ProvisionContext {
  readonly stackName: string;
  readonly logicalId: string;
  readonly target: DeployTarget;
  readonly assets: Assets;
  /** The name given, or the one that CloudFormation would make, without its random part. */
  name(given: unknown, rules: NameRules): string;
  /** Notes something that the resource asks for and the yard does not do. It is reported, and deployment goes on. */
  unhosted(what: string): void;
}

/** Creates or updates resources of one CloudFormation type. */
export interface Provisioner {
  /** `AWS::SQS::Queue`. */
  readonly type: string;
  /** Rejects with an Error whose message is one line, or with a ServiceError of the service it called. */
  create(properties: JsonObject, context: ProvisionContext): Promise<Provisioned>;
}
