import { defineConfig } from 'vitest/config';

// One run for the whole repository: unit tests beside their code, cross-cutting ones under test/.
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', '{bin,lib,lambda,showcase,containers,test}/**/*.test.ts'],
    // Two cores: more workers than that only make each test slower.
    maxWorkers: 2,
    // A limit for what hangs, not a measure of speed: machines are shared and slow.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
