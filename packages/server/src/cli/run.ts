import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../user-error.ts';
import { parseCommand } from './arguments.ts';
import { TERMINAL, type Output } from './output.ts';

/** Runs one command line to its end. Gives the exit status: 2 for the user's mistakes, each told in one line on stderr. */
export async function run(argv: readonly string[], output: Output = TERMINAL): Promise<number> {
  try {
    const command = parseCommand(argv);
    switch (command.kind) {
      case 'help': {
        const { helpText } = await import('./help.ts');
        output.out(helpText(command.command));
        return 0;
      }
      case 'version':
        output.out(`${packageVersion()}\n`);
        return 0;
      case 'start': {
        const { start } = await import('./start.ts');
        return await start(command, output);
      }
      case 'check': {
        const { check } = await import('./check.ts');
        return await check(command.files, command.format, output);
      }
      case 'run': {
        const { runOnce } = await import('./running/run-once.ts');
        return await runOnce(command, output);
      }
      case 'prune': {
        const { pruneData } = await import('./prune.ts');
        return await pruneData(command, output);
      }
      case 'graph': {
        const { graph } = await import('./graph.ts');
        return await graph(command, output);
      }
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    output.err(`stepyard: ${messageOf(error)}\n`);
    return 2;
  }
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
