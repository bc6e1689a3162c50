import { UserError } from '@stepyard/server';
import { HELP, parseOptions, UsageError, type Options } from './options.ts';
import { readRecordsFile } from './records/read-records-file.ts';
import { RecordsFileError } from './records/record.ts';
import { terminal, type Screen } from './report/screen.ts';
import { SAMPLES_FILE, type Records } from './run/use-cases.ts';
import { show } from './show.ts';

const EXIT_MISTAKE = 2;
const EXIT_INTERRUPTED = 130;

/** Runs the showcase to its end. Gives the exit status: 1 if a use case did not end as it should, 2 for the user's mistakes. */
export async function run(argv: readonly string[], screen: Screen = terminal()): Promise<number> {
  const interrupt = new AbortController();
  const onSignal = (): void => {
    // The second one does not wait for an orderly end.
    if (interrupt.signal.aborted) process.exit(EXIT_INTERRUPTED);
    interrupt.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const options = parseOptions(argv);
    if (options.help) {
      screen.write(HELP);
      return 0;
    }
    // Before anything is started: a mistake in the file costs a second, and nothing is half loaded.
    return await show(options, readRecords(options), screen, interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT_INTERRUPTED;
    if (error instanceof UsageError || error instanceof RecordsFileError || error instanceof UserError) {
      process.stderr.write(`${error.message}\n`);
      return EXIT_MISTAKE;
    }
    throw error;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function readRecords({ recordsFile, key }: Options): Records {
  const samples = readRecordsFile(SAMPLES_FILE, 'id').records;
  if (recordsFile === undefined) return { records: samples, key: 'id', areSamples: true, samples };
  return { records: readRecordsFile(recordsFile, key).records, key, areSamples: false, samples };
}
