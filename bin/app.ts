import { enableCompileCache } from 'node:module';

// Before the app is loaded: aws-cdk-lib is large, and most of a synthesis is spent on compiling it.
enableCompileCache();
const { stepyardApp } = await import('../lib/app.ts');
stepyardApp().synth();
