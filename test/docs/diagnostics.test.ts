import { readFileSync } from 'node:fs';
import { CODES } from '@stepyard/asl';
import { expect, test } from 'vitest';
import { diagnosticsPage } from './diagnostics.ts';
import { documentPath } from './drawings.ts';

test('docs/diagnostics.md says what the registry says (npm run docs)', () => {
  const page = readFileSync(documentPath('docs/diagnostics.md'), 'utf8');
  expect(page).toBe(diagnosticsPage());
  for (const { code } of Object.values(CODES)) expect(page).toContain(`| ${code} |`);
});
