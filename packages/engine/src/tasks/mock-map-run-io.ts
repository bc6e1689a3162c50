import { isArray } from '@stepyard/asl';
import type { MapRunIo } from './map-run-io.ts';
import { MapRunFailure } from './map-run-io.ts';
import type { MockTaskRunner } from './mock-runner.ts';

/**
 * Datasets and results without S3: a Distributed Map with an ItemReader reads the array that the next mock of its own state
 * name returns, or fails with the cause that it throws; a ResultWriter keeps its results to itself.
 */
export function createMockMapRunIo(mocks: MockTaskRunner): MapRunIo {
  return {
    async *read({ stateName }) {
      const mock = mocks.take(stateName);
      if (mock === undefined) {
        throw new MapRunFailure(`The ItemReader of state '${stateName}' was asked with no mock left`);
      }
      if ('throw' in mock) throw new MapRunFailure(mock.throw.cause ?? mock.throw.error);
      if (!isArray(mock.return)) throw new MapRunFailure('Attempting to map over non-iterable node.');
      await Promise.resolve();
      for (const value of mock.return) yield { value, source: 'S3://mock' };
    },
    async write({ mapRunArn, target: { parameters } }) {
      const { Bucket: bucket, Prefix: prefix } = parameters;
      const folder = [prefix, mapRunArn.slice(mapRunArn.lastIndexOf(':') + 1)].filter(
        (part) => typeof part === 'string',
      );
      return await Promise.resolve({
        bucket: typeof bucket === 'string' ? bucket : '',
        key: `${folder.join('/')}/manifest.json`,
      });
    },
  };
}
