import type { JsonObject } from '@stepyard/asl';
import type { MapRunDescription } from '@stepyard/engine';
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
    itemCounts: counts(mapRun, mapRun.itemCounts),
    executionCounts: counts(mapRun, mapRun.executionCounts),
    redriveCount: mapRun.redriveCount,
    redriveDate: mapRun.redriveDateMs === undefined ? undefined : epochSeconds(mapRun.redriveDateMs),
  };
};

/** The counts that only redrives have are left out of a map run that was never redriven (recorded before there were any). */
function counts({ redriveCount }: MapRunDescription, all: MapRunDescription['itemCounts']): JsonObject {
  const { failuresNotRedrivable, pendingRedrive, ...always } = all;
  return redriveCount === 0 ? always : { ...always, failuresNotRedrivable, pendingRedrive };
}
