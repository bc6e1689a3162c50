/** `npm run docs`: draws the pictures, and shows them in the documents, anew. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { diagnosticsPage } from './diagnostics.ts';
import {
  DRAWN_DOCUMENTS,
  PICTURES,
  definitionNames,
  documentPath,
  drawnDocument,
  picture,
} from './drawings.ts';

rmSync(documentPath(PICTURES), { recursive: true, force: true });
mkdirSync(documentPath(PICTURES));
for (const name of definitionNames()) writeFileSync(documentPath(`${PICTURES}/${name}.svg`), picture(name));
for (const path of DRAWN_DOCUMENTS) writeFileSync(documentPath(path), drawnDocument(path).mustBe);
writeFileSync(documentPath('docs/diagnostics.md'), diagnosticsPage());
