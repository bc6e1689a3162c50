import { useEffect, useEffectEvent } from 'react';
import type { ExecutionDetail, Extent } from './types.ts';

/**
 * Reads what belongs to an execution anew when it has gone on since. Only the small part of an execution is read at every change
 * that is told; what is large follows it, and is not read twice when nothing has happened.
 */
export function useFollowing(
  reload: () => void,
  execution: ExecutionDetail | undefined,
  extent: (Pick<Extent, 'eventCount'> & Partial<Extent>) | undefined,
): void {
  const follow = useEffectEvent(() => {
    if (execution === undefined || extent === undefined) return;
    const isBehind = extent.eventCount < execution.eventCount;
    if (isBehind || (extent.status !== undefined && extent.status !== execution.status)) reload();
  });
  const eventCount = execution?.eventCount;
  const status = execution?.status;
  const hasExtent = extent !== undefined;
  useEffect(() => follow(), [eventCount, status, hasExtent]);
}
