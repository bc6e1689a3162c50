/** `npm run docs`: writes the table of costs into the README anew. */
import { writeFileSync } from 'node:fs';
import { COST_DOCUMENT, costDocument } from './support/cost-document.ts';

writeFileSync(COST_DOCUMENT, costDocument().mustBe);
