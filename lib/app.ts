import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json' with { type: 'json' };
import { stageConfig } from './config.ts';
import { TransferRecordsStack } from './stacks/transfer-records-stack.ts';

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
  new TransferRecordsStack(app, config);
  return app;
}
