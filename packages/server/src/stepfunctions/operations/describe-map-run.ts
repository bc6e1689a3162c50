import { epochSeconds } from '../../protocol/json-protocol.ts';
import { text, type Operation } from '../operation.ts';

export const describeMapRun: Operation = async ({ engine }, input) => {
  const mapRun = await engine.describeMapRun(text(input, 'mapRunArn'));
  return {
    mapRunArn: mapRun.mapRunArn,
    executionArn: mapRun.executionArn,
    status: mapRun.status,
    startDate: epochSeconds(mapRun.startDateMs),
    stopDate: mapRun.stopDateMs === undefined ? undefined : epochSeconds(mapRun.stopDateMs),
    maxConcurrency: mapRun.maxConcurrency,
    toleratedFailurePercentage: mapRun.toleratedFailurePercentage,
    toleratedFailureCount: mapRun.toleratedFailureCount,
    itemCounts: { ...mapRun.itemCounts },
    executionCounts: { ...mapRun.executionCounts },
    redriveCount: mapRun.redriveCount,
  };
};
