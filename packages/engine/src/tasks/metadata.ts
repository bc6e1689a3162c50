import type { JsonObject } from '@stepyard/asl';
import type { FunctionAnswer, ServiceAnswer } from './service-caller.ts';

/**
 * What the outputs of optimised integrations carry besides the answer itself: the headers in the order in which they came,
 * and once more by name.
 */
export function sdkMetadata(
  answer: Pick<ServiceAnswer | FunctionAnswer, 'headers' | 'requestId' | 'statusCode'>,
): JsonObject {
  const headers = Object.entries(answer.headers);
  const isRequestId = ([name]: readonly [string, string]): boolean =>
    name.toLowerCase() === 'x-amzn-requestid';
  if (answer.requestId !== '' && !headers.some(isRequestId))
    headers.unshift(['x-amzn-RequestId', answer.requestId]);
  const byName = headers.toSorted(([one], [other]) => compare(one.toLowerCase(), other.toLowerCase()));
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(headers.map(([name, value]) => [name, [value]])),
      HttpHeaders: Object.fromEntries(byName),
      HttpStatusCode: answer.statusCode,
    },
    SdkResponseMetadata: { RequestId: answer.requestId },
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
