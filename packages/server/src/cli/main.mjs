#!/usr/bin/env node
// Plain JavaScript, and only what every Node understands: an old one, which cannot run TypeScript, must get as far as the
// sentence that says so.
import * as nodeModule from 'node:module';

const NODE_MAJOR_MIN = 24;

if (Number(process.versions.node.split('.', 1)[0]) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `stepyard: Node ${process.versions.node} is too old: Stepyard needs Node ${NODE_MAJOR_MIN} or newer. In its repository npx and npm scripts use the pinned one.\n`,
  );
  process.exitCode = 2;
} else {
  nodeModule.enableCompileCache();
  const { run } = await import('./run.ts');
  process.exitCode = await run(process.argv.slice(2));
}
