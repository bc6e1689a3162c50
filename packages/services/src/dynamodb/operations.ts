/** The operations that go to dynalite as they are. Each is verified in dynamodb.test.ts. */
export const DYNALITE_OPERATIONS: readonly string[] = [
  'CreateTable',
  'DescribeTable',
  'DeleteTable',
  'ListTables',
  'UpdateTable',
  'PutItem',
  'GetItem',
  'UpdateItem',
  'DeleteItem',
  'Scan',
  'Query',
  'BatchWriteItem',
  'BatchGetItem',
  'TagResource',
  'UntagResource',
  'ListTagsOfResource',
];

/** Kept by the yard beside dynalite's record of the table. */
export const TIME_TO_LIVE_OPERATIONS: readonly string[] = ['UpdateTimeToLive', 'DescribeTimeToLive'];
