/** What the pages about the yard's services read: see types.ts, of which this is a part. */
import type { Clip, LogLine } from './types.ts';

export interface QueueSummary {
  readonly url: string;
  readonly name: string;
  readonly available: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface QueueDetail extends QueueSummary {
  readonly attributes: Readonly<Record<string, string>>;
  /** Oldest first, at most 500; `total` of them there are. */
  readonly messages: readonly {
    readonly messageId: string;
    readonly state: 'available' | 'inFlight' | 'delayed';
    readonly sentMs: number;
    readonly receiveCount: number;
    readonly body: Clip;
    readonly attributes: Readonly<Record<string, string>>;
  }[];
  readonly total: number;
}

export interface TopicSummary {
  readonly arn: string;
  readonly name: string;
  readonly subscriptions: number;
  /** Since the yard was started. */
  readonly published: number;
}

export interface TopicDetail extends TopicSummary {
  readonly subscribers: readonly { readonly protocol: string; readonly endpoint: string }[];
  /** Newest first, the last 200 since the yard was started. */
  readonly notifications: readonly {
    readonly messageId: string;
    readonly publishedMs: number;
    readonly subject: string | null;
    readonly message: Clip;
    readonly attributes: Readonly<Record<string, string>>;
    /** Endpoints of the subscriptions that there were. */
    readonly to: readonly string[];
  }[];
}

export interface TableSummary {
  readonly name: string;
  readonly items: number;
  readonly sizeBytes: number;
  readonly status: string;
}

export interface TableDetail extends TableSummary {
  readonly keys: readonly { readonly name: string; readonly kind: 'HASH' | 'RANGE'; readonly type: string }[];
  readonly indexes: readonly string[];
  /** JSON text of an item each, in DynamoDB's own notation. */
  readonly page: readonly Clip[];
  readonly next: string | null;
}

export interface BucketSummary {
  readonly name: string;
  readonly createdMs: number | null;
}

export interface BucketDetail extends BucketSummary {
  readonly objects: readonly {
    readonly key: string;
    readonly sizeBytes: number;
    readonly modifiedMs: number | null;
  }[];
  readonly prefixes: readonly string[];
  readonly next: string | null;
}

export interface ObjectDetail {
  readonly key: string;
  readonly sizeBytes: number;
  /** The first 64 KiB where it is text; null: bytes. */
  readonly text: string | null;
  readonly isCut: boolean;
}

export interface FunctionSummary {
  readonly name: string;
  readonly arn: string;
  readonly runtime: string | null;
  readonly handler: string | null;
  readonly timeoutSeconds: number | null;
  readonly memoryMb: number | null;
  readonly modified: string | null;
  readonly logGroup: string;
}

export interface JobSummary {
  readonly service: 'batch' | 'ecs';
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly createdMs: number | null;
  readonly startedMs: number | null;
  readonly stoppedMs: number | null;
}

export interface JobDetail extends JobSummary {
  readonly exitCode: number | null;
  readonly command: readonly string[];
  readonly logGroup: string | null;
  readonly logStream: string | null;
  readonly lines: readonly LogLine[];
  readonly isCut: boolean;
  /** What DescribeJobs or DescribeTasks answers. */
  readonly description: Clip;
}

export interface LogGroupSummary {
  readonly name: string;
  readonly storedBytes: number;
  readonly streams: number;
}

export interface LogEvents {
  readonly streams: readonly { readonly name: string; readonly lastEventMs: number | null }[];
  /** Oldest first: the newest 1000 of them. */
  readonly lines: readonly (LogLine & { readonly stream: string })[];
  readonly isCut: boolean;
}
