import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { z } from 'zod';
import { instrumented, metrics } from '../shared/instrumented.ts';
import { parseInput } from '../shared/parse-input.ts';
import type { Greeting } from './greeting.ts';
import { greet } from './greeting.ts';

const GreeterInput = z.object({ name: z.string() });

/** Input `{ "name": "Ada" }`, result `{ "greeting": "Hello, Ada!", "nameChars": 3 }`. */
export const handler = instrumented('greeter', (event: unknown): Promise<Greeting> => {
  const { name } = parseInput(event, GreeterInput);
  const greeting = greet(name);
  metrics.addMetric('Greetings', MetricUnit.Count, 1);
  return Promise.resolve(greeting);
});
