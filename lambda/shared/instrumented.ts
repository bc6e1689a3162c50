import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';

export const logger = new Logger();
export const metrics = new Metrics();
/** Lambda always names its X-Ray daemon. Where none is named there is nobody to send traces to. */
export const tracer = new Tracer(
  process.env['AWS_XRAY_DAEMON_ADDRESS'] === undefined ? { enabled: false } : {},
);

export type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/**
 * A handler with what every function here does around its work: the invocation's context in each log line, a trace segment
 * named after the function, metrics sent whatever happened. An error is logged, traced and thrown on: Step Functions
 * then sees its name and message, and the definition decides.
 */
export function instrumented<Event, Result>(
  name: string,
  work: Handler<Event, Result>,
): Handler<Event, Result> {
  return async (event, context) => {
    logger.addContext(context);
    logger.logEventIfEnabled(event);
    metrics.captureColdStartMetric();
    const segment = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
    const subsegment = segment?.addNewSubsegment(`## ${name}`);
    if (subsegment !== undefined) tracer.setSegment(subsegment);
    tracer.annotateColdStart();
    tracer.addServiceNameAnnotation();
    try {
      return await work(event, context);
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      logger.error(`${name} failed`, cause);
      tracer.addErrorAsMetadata(cause);
      throw error;
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      subsegment?.close();
      if (segment !== undefined) tracer.setSegment(segment);
      logger.resetKeys();
    }
  };
}
