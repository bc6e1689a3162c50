import type { CostEstimate } from '@stepyard/console';

/**
 * Prices of us-east-1 in US dollars, without free tiers (https://aws.amazon.com/step-functions/pricing/): Standard by the state
 * transition, Express by the request and by memory and time, in steps of 64 MB and 100 ms. The first tier of Express is taken.
 */
const USD_PER_MILLION_TRANSITIONS = 25;
const REQUEST_USD = 0.000001;
const GB_SECOND_USD = 0.00001667;
const MEMORY_GB = 64 / 1024;
const STEP_MS = 100;
const EXPRESS_MS_MAX = 300_000;

/** What the execution would have cost on AWS; the services that it called come besides. */
export function costOf(run: { readonly transitions: number; readonly durationMs: number }): CostEstimate {
  const { transitions, durationMs } = run;
  const billedMs = Math.max(1, Math.ceil(durationMs / STEP_MS)) * STEP_MS;
  const express = REQUEST_USD + (billedMs / 1000) * MEMORY_GB * GB_SECOND_USD;
  return {
    standardUsd: (transitions * USD_PER_MILLION_TRANSITIONS) / 1_000_000,
    expressUsd: durationMs > EXPRESS_MS_MAX ? null : express,
  };
}
