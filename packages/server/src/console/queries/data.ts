/** Tables with their items, buckets with their objects. */
import { isObject, type JsonObject } from '@stepyard/asl';
import type { BucketDetail, BucketSummary, ObjectDetail, TableDetail, TableSummary } from '@stepyard/console';
import { clipJson } from '../clip.ts';
import type { ConsoleContext } from '../context.ts';
import { numberIn, objectIn, objectsIn, textIn, textsIn, timeIn } from '../members.ts';
import { invalid, notFound } from '../problem.ts';

const ITEMS = 100;
const OBJECT_BYTES_MAX = 65_536;

export async function tables({ caller }: ConsoleContext): Promise<readonly TableSummary[]> {
  const { output } = await caller.call({ service: 'dynamodb', operation: 'ListTables', input: {} });
  return await Promise.all(
    textsIn(output, 'TableNames').map(async (name) =>
      tableSummary(await describeTable(caller, name), await countItems(caller, name)),
    ),
  );
}

async function describeTable(caller: ConsoleContext['caller'], name: string): Promise<JsonObject> {
  const { output } = await caller.call({
    service: 'dynamodb',
    operation: 'DescribeTable',
    input: { TableName: name },
  });
  return objectIn(output, 'Table');
}

/** At least so many: ItemCount of a description is hours old on AWS, and one page of a count is enough for most tables here. */
async function countItems(caller: ConsoleContext['caller'], name: string): Promise<number> {
  const input = { TableName: name, Select: 'COUNT' };
  const { output } = await caller.call({ service: 'dynamodb', operation: 'Scan', input });
  return numberIn(output, 'Count') ?? 0;
}

function tableSummary(description: JsonObject, counted: number): TableSummary {
  return {
    name: textIn(description, 'TableName') ?? '',
    items: Math.max(numberIn(description, 'ItemCount') ?? 0, counted),
    sizeBytes: numberIn(description, 'TableSizeBytes') ?? 0,
    status: textIn(description, 'TableStatus') ?? '',
  };
}

export async function table(
  { caller }: ConsoleContext,
  name: string,
  after: string | undefined,
): Promise<TableDetail> {
  const description = await describeTable(caller, name);
  const { output } = await caller.call({
    service: 'dynamodb',
    operation: 'Scan',
    input: {
      TableName: name,
      Limit: ITEMS,
      ...(after === undefined ? {} : { ExclusiveStartKey: keyIn(after) }),
    },
  });
  const types = new Map(
    objectsIn(description, 'AttributeDefinitions').map((definition) => [
      textIn(definition, 'AttributeName'),
      textIn(definition, 'AttributeType') ?? '',
    ]),
  );
  const last = output['LastEvaluatedKey'];
  return {
    ...tableSummary(description, await countItems(caller, name)),
    keys: objectsIn(description, 'KeySchema').map((key) => {
      const attribute = textIn(key, 'AttributeName') ?? '';
      return {
        name: attribute,
        kind: textIn(key, 'KeyType') === 'RANGE' ? 'RANGE' : 'HASH',
        type: types.get(attribute) ?? '',
      };
    }),
    indexes: ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].flatMap((member) =>
      objectsIn(description, member).map((index) => textIn(index, 'IndexName') ?? ''),
    ),
    page: objectsIn(output, 'Items').map(clipJson),
    next: isObject(last) ? JSON.stringify(last) : null,
  };
}

function keyIn(text: string): JsonObject {
  try {
    const key: unknown = JSON.parse(text);
    if (typeof key === 'object' && key !== null && !Array.isArray(key)) return key as JsonObject;
  } catch {
    // Said below.
  }
  throw invalid('after is what the page before gave as next.');
}

export async function buckets({ caller }: ConsoleContext): Promise<readonly BucketSummary[]> {
  const { output } = await caller.call({ service: 's3', operation: 'ListBuckets', input: {} });
  return objectsIn(output, 'Buckets').map((found) => ({
    name: textIn(found, 'Name') ?? '',
    createdMs: timeIn(found, 'CreationDate'),
  }));
}

export async function bucket(
  context: ConsoleContext,
  name: string,
  page: { readonly prefix: string | undefined; readonly after: string | undefined },
): Promise<BucketDetail> {
  const summary = (await buckets(context)).find((candidate) => candidate.name === name);
  if (summary === undefined) throw notFound(`bucket ${name.slice(0, 100)}`);
  const { output } = await context.caller.call({
    service: 's3',
    operation: 'ListObjectsV2',
    input: {
      Bucket: name,
      Delimiter: '/',
      ...(page.prefix === undefined ? {} : { Prefix: page.prefix }),
      ...(page.after === undefined ? {} : { ContinuationToken: page.after }),
    },
  });
  return {
    ...summary,
    objects: objectsIn(output, 'Contents').map((found) => ({
      key: textIn(found, 'Key') ?? '',
      sizeBytes: numberIn(found, 'Size') ?? 0,
      modifiedMs: timeIn(found, 'LastModified'),
    })),
    prefixes: objectsIn(output, 'CommonPrefixes').map((prefix) => textIn(prefix, 'Prefix') ?? ''),
    next: textIn(output, 'NextContinuationToken'),
  };
}

export async function object(
  { caller }: ConsoleContext,
  given: { readonly bucket: string; readonly key: string },
): Promise<ObjectDetail> {
  const { sizeBytes, body } = await caller.readObject({
    ...given,
    range: { start: 0, end: OBJECT_BYTES_MAX },
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= OBJECT_BYTES_MAX) break;
  }
  return {
    key: given.key,
    sizeBytes,
    text: textOf(Buffer.concat(chunks).subarray(0, OBJECT_BYTES_MAX), sizeBytes > OBJECT_BYTES_MAX),
    isCut: sizeBytes > OBJECT_BYTES_MAX,
  };
}

/** null for bytes that are no text in UTF-8; where they were cut, the last character may be in pieces. */
function textOf(bytes: Uint8Array, isCut: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
