#!/usr/bin/env node
// Plain JavaScript, and only what every Node understands: an old one, which cannot run TypeScript, must get as far as the
// sentence that says so.
import * as nodeModule from 'node:module';

const NODE_MAJOR_MIN = 24;

if (Number(process.versions.node.split('.', 1)[0]) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `Node ${process.versions.node} is too old: Node ${NODE_MAJOR_MIN} or newer is needed. On Linux and Windows npm ci installs one ` +
      'that npm start uses; on macOS take it from https://nodejs.org or with brew install node@24.\n',
  );
  process.exitCode = 2;
} else {
  // Stripping the types of some hundred modules is done once and kept.
  nodeModule.enableCompileCache();
  const { run } = await import('./run.ts');
  process.exitCode = await run(process.argv.slice(2));
}
