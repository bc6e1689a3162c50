import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bindings } from './bindings.ts';
import type { DefinitionFile } from './definition-file.ts';

export function iamStatementsFor(definition: DefinitionFile, bindings: Bindings): PolicyStatement[] {
  void definition;
  void bindings;
  return [];
}
