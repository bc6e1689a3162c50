export type { CallContext, HostedService, InvokeOptions, LogRecord, LogSink } from './service.ts';
export {
  ACCOUNT_ID,
  answer,
  apiError,
  DetailedServiceError,
  NOT_HOSTED,
  PARTITION,
  refuseFeature,
  refuseOperation,
  REGION,
} from './service.ts';
export { createServices, type Services, type ServicesOptions } from './create-services.ts';
export { createServiceCaller, type ServiceCallerOptions, type SfnHandler } from './caller/caller.ts';
export { createEvents, type EventsService } from './events/events.ts';
export { createLambda, type FunctionDefinition, type LambdaService } from './lambda/lambda.ts';
export type { CodeSource } from './lambda/code.ts';
