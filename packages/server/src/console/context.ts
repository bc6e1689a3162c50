import type { Engine, ServiceCaller, VirtualClock } from '@stepyard/engine';
import type { Messages } from '@stepyard/services';
import type { Inspections } from './inspections.ts';

/** What the console's server side reads: one account of the yard. */
export interface ConsoleContext {
  readonly account: string;
  readonly region: string;
  readonly engine: Engine;
  readonly caller: ServiceCaller;
  /** What lies in queues and went through topics. */
  readonly messages: Messages;
  /** undefined: the system's time. */
  readonly clock: VirtualClock | undefined;
  /** Where the deployed app was synthesised from: `*.cases.json` are looked for below it. */
  readonly appDir: string | undefined;
  /** The executions that pages look at. */
  readonly inspections: Inspections;
}

/** What a query was asked with: the members of its query string. */
export type Given = Readonly<Record<string, string | undefined>>;

/** The time by which executions run, in epoch milliseconds. */
export function nowOf({ clock }: ConsoleContext): number {
  return clock?.now() ?? Date.now();
}
