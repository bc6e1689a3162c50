import type { Json } from '@stepyard/asl';
import { asText } from '../member.ts';
import { refuseFeature } from '../service.ts';

export const SERVICE = 'eventbridge';
/** The one bus of the yard. */
export const DEFAULT_BUS = 'default';

/** Refuses by name any bus but the default one. */
export function refuseOtherBus(operation: string, bus: Json | undefined): void {
  if (bus === undefined || bus === DEFAULT_BUS || asText(bus).endsWith(':event-bus/default')) return;
  throw refuseFeature(SERVICE, operation, `the event bus ${JSON.stringify(bus)} (only default)`);
}
