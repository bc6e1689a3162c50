import type { Json, JsonObject } from '@stepyard/asl';
import type { FunctionAnswer, ServiceAnswer } from './service-caller.ts';

/** What the outputs of optimised integrations carry besides the answer itself. */
export function sdkMetadata(
  answer: Pick<ServiceAnswer | FunctionAnswer, 'headers' | 'requestId' | 'statusCode'>,
): JsonObject {
  const headers: Record<string, string> = { ...answer.headers };
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  if (answer.requestId !== '' && !names.includes('x-amzn-requestid'))
    headers['x-amzn-RequestId'] = answer.requestId;
  const all: Record<string, Json> = {};
  for (const [name, value] of Object.entries(headers)) all[name] = [value];
  return {
    SdkHttpMetadata: { AllHttpHeaders: all, HttpHeaders: headers, HttpStatusCode: answer.statusCode },
    SdkResponseMetadata: { RequestId: answer.requestId },
  };
}
