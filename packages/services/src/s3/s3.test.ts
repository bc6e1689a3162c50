import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostedService } from '../service.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { openFauxqs, type Fauxqs } from '../messaging/fauxqs.ts';
import { createS3 } from './s3.ts';

let fauxqs: Fauxqs;
let service: HostedService;
let server: Awaited<ReturnType<typeof serve>>;
let client: S3Client;
let called: ReadonlySet<string>;

beforeAll(async () => {
  fauxqs = await openFauxqs(undefined);
  service = createS3(fauxqs);
  server = await serve(service);
  client = new S3Client({ ...clientOptions(server.origin), forcePathStyle: true });
  called = recordOperations(client);
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await fauxqs.close();
});

test('buckets', async () => {
  await client.send(new CreateBucketCommand({ Bucket: 'first' }));
  await client.send(new HeadBucketCommand({ Bucket: 'first' }));
  expect((await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toContain('first');
  await client.send(new DeleteBucketCommand({ Bucket: 'first' }));
  await expect(client.send(new HeadBucketCommand({ Bucket: 'first' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  });
});

test('objects', async () => {
  const Bucket = 'objects';
  await client.send(new CreateBucketCommand({ Bucket }));
  const Key = 'a folder/ü+1.json';
  await client.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: '{"a":1}',
      ContentType: 'application/json',
      Metadata: { k: 'v' },
    }),
  );
  const got = await client.send(new GetObjectCommand({ Bucket, Key }));
  expect(await got.Body?.transformToString()).toBe('{"a":1}');
  expect(got).toMatchObject({ ContentType: 'application/json', Metadata: { k: 'v' } });
  expect((await client.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(7);
  await client.send(
    new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: encodeURI(`${Bucket}/${Key}`) }),
  );
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  await expect(client.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
    name: 'NoSuchKey',
  });
  await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'copy' }] } }));
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  const started = { Bucket, Key: 'parts', UploadId: '' };
  started.UploadId =
    (await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))).UploadId ?? '';
  const part = await client.send(new UploadPartCommand({ ...started, PartNumber: 1, Body: 'part' }));
  await client.send(
    new CompleteMultipartUploadCommand({
      ...started,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.ETag }] },
    }),
  );
  expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'parts' }))).ContentLength).toBe(4);
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'other' }));
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'other', UploadId }));
});

test('a listing is in byte order, page by page, and repeats nothing', async () => {
  const Bucket = 'ordered';
  await client.send(new CreateBucketCommand({ Bucket }));
  const keys = ['b', 'B', 'a/2', 'a/1', 'é', '_', '😀', '\uFFFD', 'a', 'c/1', 'c/2', '<&>'];
  for (const key of keys) await client.send(new PutObjectCommand({ Bucket, Key: key, Body: key }));
  const expected = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const pageSize of [1, 5, 1000]) {
    const seen: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket, MaxKeys: pageSize, ContinuationToken: token }),
      );
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(seen).toEqual(expected);
  }
  const prefixes: (string | undefined)[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 1, ContinuationToken: token }),
    );
    prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  expect(prefixes).toEqual(['a/', 'c/']);
  const first = await client.send(new ListObjectsCommand({ Bucket, MaxKeys: 2 }));
  expect(first.NextMarker).toBe(expected[1]);
  const { output } = await service.call('ListObjectsV2', { Bucket, Prefix: 'a/' });
  expect(output['Contents']).toMatchObject([
    { Key: 'a/1', Size: 3 },
    { Key: 'a/2', Size: 3 },
  ]);
});

test('every listed operation was called', () => {
  expect([...called].toSorted()).toEqual([...service.operations].toSorted());
});

test('what fauxqs would get wrong is refused, and nothing is changed', async () => {
  const Bucket = 'refused';
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'kept' }));
  await expect(
    client.send(
      new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }),
    ),
  ).rejects.toMatchObject({
    name: 'StepyardOperationNotHosted',
    message: expect.stringContaining('s3:PutObjectTagging') as string,
  });
  await expect(
    client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'new', IfNoneMatch: '*' })),
  ).rejects.toThrow(/if-none-match/u);
  await expect(
    client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
  ).rejects.toThrow(/s3:PutBucketVersioning/u);
  const { output } = await service.call('GetObject', { Bucket, Key: 'k' });
  expect(output['Body']).toBe('kept');
});

test('a bucket in the host name', async () => {
  await service.call('CreateBucket', { Bucket: 'virtual' });
  await service.call('PutObject', { Bucket: 'virtual', Key: 'k', Body: { a: 1 } });
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    request(`${server.origin}/k`, { headers: { host: 'virtual.s3.us-east-1.amazonaws.com' } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
});

test('in process: text and JSON bodies, errors by code', async () => {
  await service.call('CreateBucket', { Bucket: 'inner' });
  await service.call('PutObject', { Bucket: 'inner', Key: 'k', Body: { a: [1] } });
  expect((await service.call('GetObject', { Bucket: 'inner', Key: 'k' })).output['Body']).toBe('{"a":[1]}');
  expect((await service.call('HeadObject', { Bucket: 'inner', Key: 'k' })).output['ContentLength']).toBe(9);
  await expect(service.call('GetObject', { Bucket: 'inner', Key: 'none' })).rejects.toMatchObject({
    code: 'NoSuchKey',
    statusCode: 404,
  });
  await expect(
    service.call('GetObject', { Bucket: 'inner', Key: 'k', Range: 'bytes=0-1' }),
  ).rejects.toMatchObject({
    statusCode: 501,
  });
});
