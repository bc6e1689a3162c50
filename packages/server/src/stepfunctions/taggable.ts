import { EngineError, type Engine } from '@stepyard/engine';
import { ApiError } from '../protocol/api-error.ts';
import { isQualified } from './qualified.ts';

/**
 * Only state machines and activities that exist have tags. A version's ARN has none
 * (api_tagging/sfn-api-tagging--tag-state-machine-version-54a80a).
 */
export async function requireTaggable(engine: Engine, arn: string): Promise<void> {
  try {
    if (arn.includes(':activity:')) await engine.describeActivity(arn);
    else if (isQualified(arn)) throw missing(arn);
    else await engine.describeStateMachine(arn);
  } catch (error) {
    const isMissing =
      error instanceof EngineError &&
      (error.code === 'StateMachineDoesNotExist' || error.code === 'ActivityDoesNotExist');
    if (!isMissing) throw error;
    throw missing(arn);
  }
}

function missing(arn: string): ApiError {
  return new ApiError('ResourceNotFound', `Resource not found: '${arn}'`, { members: { resourceName: arn } });
}
