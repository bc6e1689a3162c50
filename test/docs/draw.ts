/** `npm run docs`: writes the drawings into the documents anew. */
import { writeFileSync } from 'node:fs';
import { DRAWN_DOCUMENTS, documentPath, drawnDocument } from './drawings.ts';

for (const path of DRAWN_DOCUMENTS) writeFileSync(documentPath(path), drawnDocument(path).mustBe);
