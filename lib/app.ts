import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import cdkJson from '../cdk.json' with { type: 'json' };
import { stageConfig } from './config.ts';
import { BatchJobNotificationStack } from './stacks/batch-job-notification-stack.ts';
import { FargateTaskNotificationStack } from './stacks/fargate-task-notification-stack.ts';
import { StateTourStack } from './stacks/state-tour-stack.ts';
import { TransferRecordsExpressStack } from './stacks/transfer-records-express-stack.ts';
import { TransferRecordsStack } from './stacks/transfer-records-stack.ts';

export { ConfigError } from './config.ts';
export { DefinitionError } from './constructs/definition-file.ts';

/**
 * The whole app for the stage that the context names. The feature flags of cdk.json are read here too, so that
 * `node bin/app.ts` synthesises the same templates as the CDK command line does.
 */
export function stepyardApp(context: Readonly<Record<string, unknown>> = {}, outdir?: string): App {
  const app = new App({
    context: { ...cdkJson.context, ...context },
    analyticsReporting: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
  const config = stageConfig((key) => app.node.tryGetContext(key));
  new BatchJobNotificationStack(app, config);
  new FargateTaskNotificationStack(app, config);
  new TransferRecordsStack(app, config);
  new TransferRecordsExpressStack(app, config);
  new StateTourStack(app, config);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}
