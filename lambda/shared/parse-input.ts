import { parse } from '@aws-lambda-powertools/parser';
import { z } from 'zod';

/** The event does not have the shape that the handler takes; the message says where, for whoever reads the execution. */
export class InvalidInputError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InvalidInputError';
  }
}

const REASONS_MAX = 5;

/** What Powertools keeps of the schema's findings. */
const Issues = z.array(
  z.object({ path: z.array(z.union([z.string(), z.number()])).default([]), message: z.string() }),
);

/**
 * Parses an event by its schema. Powertools' own error says only that parsing failed, and its cause does not reach the
 * state machine: here the first things wrong are in the message.
 */
export function parseInput<T>(event: unknown, schema: z.ZodType<T>): T {
  const parsed = parse(event, undefined, schema, true);
  if (parsed.success) return parsed.data;
  const issues = Issues.parse(parsed.error?.cause);
  const reasons = issues
    .slice(0, REASONS_MAX)
    .map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
  throw new InvalidInputError(reasons.join('; '), { cause: parsed.error });
}
