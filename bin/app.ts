import { enableCompileCache } from 'node:module';
import process from 'node:process';

// Before the app is loaded: aws-cdk-lib is large, and most of a synthesis is spent on compiling it.
enableCompileCache();
const { ConfigError, DefinitionError, stepyardApp } = await import('../lib/app.ts');

try {
  stepyardApp().synth();
} catch (error) {
  // The user's mistake: what, where, what to do; no stack trace.
  if (!(error instanceof ConfigError) && !(error instanceof DefinitionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
