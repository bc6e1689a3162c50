import {
  GetActivityTaskCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { ActivityService } from './poll.ts';

/** GetActivityTask answers after 60 s when there is no work; AWS asks clients to wait 65 s at least. */
const POLL_TIMEOUT_MS = 70_000;

export interface Connection {
  readonly activityArn: string;
  readonly workerName: string;
  /** Another endpoint than AWS's; undefined: AWS_ENDPOINT_URL, else AWS. */
  readonly endpoint: string | undefined;
}

/** {@link ActivityService} over the AWS SDK, with the credentials and region of its environment. */
export function activityService({ activityArn, workerName, endpoint }: Connection): ActivityService {
  const client = new SFNClient({
    // arn:aws:states:<region>:<account>:activity:<name>
    region: activityArn.split(':')[3],
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: { requestTimeout: POLL_TIMEOUT_MS },
  });
  return {
    async poll(abortSignal) {
      const command = new GetActivityTaskCommand({ activityArn, workerName });
      const { taskToken, input } = await client.send(command, { abortSignal });
      // No task is an empty answer, not an error.
      return taskToken === undefined || taskToken === ''
        ? undefined
        : { token: taskToken, input: input ?? '{}' };
    },
    async heartbeat(taskToken) {
      await client.send(new SendTaskHeartbeatCommand({ taskToken }));
    },
    async succeed(taskToken, output) {
      await client.send(new SendTaskSuccessCommand({ taskToken, output }));
    },
    async fail(taskToken, error, cause) {
      await client.send(new SendTaskFailureCommand({ taskToken, error, cause }));
    },
  };
}
