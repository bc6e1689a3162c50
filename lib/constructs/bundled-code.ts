import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import type { BundlingOptions } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { repositoryPath } from '../paths.ts';

/** esbuild's ESM output has no `require`; the X-Ray SDK inside Powertools' tracer is CommonJS and calls it. */
const REQUIRE_BANNER =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * `lambda/<handler>/handler.ts` with all it imports, AWS SDK included, as one ES module: what runs on AWS and in the yard is
 * the same code. By esbuild's API in this process; NodejsFunction would do it by `npx` in a shell, which takes
 * five times as long and three functions make the most of a synthesis. Never by Docker. Functions with the same handler
 * share one asset.
 */
export function bundledCode(handler: string): Code {
  return Code.fromAsset(repositoryPath('lambda'), {
    // What the bundle holds says whether it changed, not what lies beside it.
    assetHashType: AssetHashType.OUTPUT,
    bundling: bundlingOf(handler),
  });
}

function bundlingOf(handler: string): BundlingOptions {
  return {
    // Asked for by the interface, never pulled: tryBundle either succeeds or throws. It also tells handlers apart.
    image: DockerImage.fromRegistry(`none/${handler}`),
    local: {
      tryBundle(outputDir: string): boolean {
        buildSync({
          entryPoints: [repositoryPath('lambda', handler, 'handler.ts')],
          outfile: join(outputDir, 'index.mjs'),
          absWorkingDir: repositoryPath(),
          bundle: true,
          platform: 'node',
          target: 'node24',
          format: 'esm',
          mainFields: ['module', 'main'],
          banner: { js: REQUIRE_BANNER },
          minify: true,
          keepNames: true,
          sourcemap: true,
          sourcesContent: false,
          logLevel: 'warning',
        });
        return true;
      },
    },
  };
}
