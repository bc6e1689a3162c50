import type { Integration } from './integration.ts';
import { COMPUTE_ROWS } from './rows/compute.ts';
import { DATA_ROWS } from './rows/data.ts';
import { MACHINE_LEARNING_ROWS } from './rows/machine-learning.ts';
import { MESSAGING_ROWS } from './rows/messaging.ts';

/** Every optimised integration that is known, in no particular order. */
export const INTEGRATIONS: readonly Integration[] = [
  ...COMPUTE_ROWS,
  ...MESSAGING_ROWS,
  ...DATA_ROWS,
  ...MACHINE_LEARNING_ROWS,
];

const BY_NAME = new Map(INTEGRATIONS.map((row) => [`${row.service}:${row.action}`, row]));
const SERVICES = new Set(INTEGRATIONS.map(({ service }) => service));

/** The row of `arn:<p>:states:::<service>:<action>`, as the ARN spells both; undefined: not an optimised integration. */
export function findIntegration(service: string, action: string): Integration | undefined {
  return BY_NAME.get(`${service}:${action}`);
}

/** Whether the service has optimised integrations at all. */
export function isIntegratedService(service: string): boolean {
  return SERVICES.has(service);
}
