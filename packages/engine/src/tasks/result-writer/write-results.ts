import type { Json } from '@stepyard/asl';
import { isArray } from '@stepyard/asl';
import type { ChildRecord } from '../../core/map-run/child-record.ts';
import { childMetadata } from '../../core/map-run/child-record.ts';
import type { WriteRequest } from '../map-run-io.ts';
import { MapRunFailure } from '../map-run-io.ts';
import type { ServiceCaller } from '../service-caller.ts';
import { fromS3 } from '../item-reader/source-object.ts';

/**
 * Exports the results of a map run: one file for each status, and manifest.json, under `<Prefix>/<uuid of the map run>/`.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export async function writeResults(
  caller: ServiceCaller,
  request: WriteRequest,
): Promise<{ readonly bucket: string; readonly key: string }> {
  const { target, children, pending, mapRunArn } = request;
  const { Bucket: bucket, Prefix: prefix } = target.parameters;
  if (typeof bucket !== 'string' || bucket === '') throw new MapRunFailure('The ResultWriter has no Bucket.');
  const uuid = mapRunArn.slice(mapRunArn.lastIndexOf(':') + 1);
  const folder = [typeof prefix === 'string' ? prefix.replace(/\/+$/u, '') : '', uuid]
    .filter((part) => part !== '')
    .join('/');
  const succeeded = children.filter(({ outcome }) => outcome.status === 'SUCCEEDED');
  const failed = children.filter(({ outcome }) => outcome.status !== 'SUCCEEDED');
  const extension = target.outputType === 'JSONL' ? 'jsonl' : 'json';
  const put = async (name: string, body: string, contentType: string): Promise<Json> => {
    const key = `${folder}/${name}`;
    const input = { Bucket: bucket, Key: key, Body: body, ContentType: contentType };
    await fromS3(() => caller.call({ service: 's3', operation: 'PutObject', input }));
    return { Key: key, Size: Buffer.byteLength(body) };
  };
  const file = async (status: string, results: readonly Json[]): Promise<Json> =>
    results.length === 0
      ? []
      : [await put(`${status}_0.${extension}`, bodyOf(results, target.outputType), 'application/json')];
  const manifest = {
    DestinationBucket: bucket,
    MapRunArn: mapRunArn,
    ResultFiles: {
      FAILED: await file('FAILED', failed.map(childMetadata)),
      PENDING: await file(
        'PENDING',
        pending.map((input) => ({ Input: input, InputDetails: { Included: true }, Status: 'PENDING' })),
      ),
      SUCCEEDED: await file('SUCCEEDED', succeeded.flatMap(transformed(target.transformation))),
    },
  };
  await put('manifest.json', JSON.stringify(manifest), 'application/json');
  return { bucket, key: `${folder}/manifest.json` };
}

/** Of executions that failed the description stays, whatever the transformation. */
function transformed(
  transformation: WriteRequest['target']['transformation'],
): (child: ChildRecord) => readonly Json[] {
  return (child) => {
    if (transformation === 'NONE') return [childMetadata(child)];
    const output = child.outcome.output ?? null;
    return transformation === 'FLATTEN' && isArray(output) ? output : [output];
  };
}

function bodyOf(results: readonly Json[], type: 'JSON' | 'JSONL'): string {
  if (type === 'JSON') return JSON.stringify(results);
  return results.map((result) => `${JSON.stringify(result)}\n`).join('');
}
