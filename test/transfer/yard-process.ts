/** A yard in a process of its own, to be killed. Arguments: data directory, assembly directory. Prints one line of JSON when ready. */
import { startYard } from '@stepyard/server';

const [dataDir, assemblyDir] = process.argv.slice(2);
const yard = await startYard({ dataDir, assemblyDir, port: 0 });
const outputs = yard.deployment.stacks.map(({ name, outputs: values }) => [
  name,
  Object.fromEntries(Object.entries(values).map(([key, { value }]) => [key, value])),
]);
process.stdout.write(`${JSON.stringify({ origin: yard.origin, outputs })}\n`);
process.once('SIGTERM', () => {
  void yard.close();
});
