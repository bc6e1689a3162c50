import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { load } from '../compile/load.ts';
import { graphOf } from '../graph/graph.ts';
import { toMermaid } from '../graph/mermaid.ts';
import { tasksOf } from '../integrations/tasks-of.ts';
import { parse } from '../syntax/parse.ts';
import { check, hasErrors } from './check.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../..', 'shared/definitions');
const present = existsSync(root);

interface Labelled {
  readonly file: string;
  readonly expect: string;
  readonly text: string;
}

function labelled(): Labelled[] {
  return readdirSync(root).flatMap((folder) =>
    readdirSync(resolve(root, folder)).map((name): Labelled => {
      const file = `${folder}/${name}`;
      const content: { expect: string; text?: string; definition?: unknown } = JSON.parse(
        readFileSync(resolve(root, file), 'utf8'),
      );
      return { file, expect: content.expect, text: content.text ?? JSON.stringify(content.definition) };
    }),
  );
}

const errorsOf = ({ text }: Labelled): boolean => hasErrors(check(text));

/** Labelled valid, and refused on purpose: docs/fidelity.md, "Labels", has the evidence. */
const REFUSED = [
  // A state name in two branches.
  'asl-language-service/src_tests_validation.test.ts_ASL_context-aware_val__State_Accepts_Succeed_and_Fail_state_as_terminal_states.json',
  // A JSONPath that Jayway itself cannot read: an unquoted word in a filter, and an index that is an expression.
  'asl-validator/src___tests___definitions_valid-current-value-predicate.json',
  'asl-validator/src___tests___definitions_valid-path-array-context.json',
  // Credentials without RoleArn: AWS refuses it (recordings `credentials/*invalid*`), cfn-lint's unit test accepts it.
  'cfn-lint/test_unit_rules_resources_stepfunctions_test_state_machine_definition.py_6.json',
];

describe.skipIf(!present)('definitions in the wild (skipped where ../shared/definitions is absent)', () => {
  const all = present ? labelled() : [];
  test('every valid one is accepted, compiles, and can be drawn', () => {
    const valid = all.filter((one) => one.expect === 'valid');
    expect(valid.length).toBeGreaterThan(500);
    expect(
      valid
        .filter(errorsOf)
        .map(({ file }) => file)
        .toSorted(),
    ).toEqual(REFUSED.toSorted());
    for (const { text } of valid) {
      const { program, definition, diagnostics } = load(text);
      expect(program === undefined).toBe(hasErrors(diagnostics));
      if (definition === undefined) continue;
      expect(toMermaid(graphOf(definition))).toContain('flowchart');
      tasksOf(definition);
    }
  });

  test('every invalid one is rejected', () => {
    const invalid = all.filter((one) => one.expect === 'invalid');
    expect(invalid.length).toBeGreaterThan(100);
    expect(invalid.filter((one) => !errorsOf(one)).map(({ file }) => file)).toEqual([]);
  });

  test('the others are judged without a throw, and what has no errors compiles', () => {
    for (const { text } of all.filter((one) => one.expect === 'unknown')) {
      const { program, diagnostics } = load(text);
      expect(program === undefined).toBe(hasErrors(diagnostics));
    }
  });

  test('mutated ones too', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.nat(),
        fc.nat(40),
        fc.string({ unit: 'binary', maxLength: 8 }),
        (one, at, length, junk) => {
          const start = at % (one.text.length + 1);
          const text = one.text.slice(0, start) + junk + one.text.slice(start + length);
          const { program, diagnostics } = load(text);
          expect(program === undefined).toBe(hasErrors(diagnostics));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('members exchanged, dropped or replaced', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.nat(), fc.jsonValue({ maxDepth: 3 }), (one, at, value) => {
        const { definition } = parse(one.text);
        let count = 0;
        // What was put in is gone through as well: a copy each time, and not for ever.
        let left = 20;
        const change = (key: string, old: unknown): unknown => {
          count += 1;
          return key !== '' && count % 37 === at % 37 && left-- > 0 ? structuredClone(value) : old;
        };
        const text = JSON.stringify(definition ?? null, change);
        const { program, diagnostics } = load(text);
        expect(program === undefined).toBe(hasErrors(diagnostics));
      }),
      { numRuns: 1000 },
    );
  });
});

test('any JSON is judged without a throw', () => {
  const name = fc.constantFrom(
    'StartAt',
    'States',
    'Type',
    'Pass',
    'Map',
    'Choice',
    'Choices',
    'Task',
    'Next',
    'End',
    '__proto__',
    'A',
    'Branches',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 8 },
      name,
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(name, tie('value')),
      fc.array(tie('value')),
    ),
  }));
  fc.assert(
    fc.property(value, (json) => {
      const text = JSON.stringify(json);
      const { program, diagnostics } = load(text);
      expect(program === undefined).toBe(hasErrors(diagnostics));
    }),
    { numRuns: 1000 },
  );
});

test('hostile texts give diagnostics in time', () => {
  const texts = [
    '['.repeat(100_000),
    '{"States":'.repeat(100_000),
    `{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[${'{"Not":'.repeat(300)}1${'}'.repeat(300)}]}}}`,
    `{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$${'['.repeat(5000)}","End":true}}}`,
    `{"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{%${'('.repeat(5000)}%}","End":true}}}`,
    `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":${'{"a":'.repeat(900)}1${'}'.repeat(900)},"End":true}}}`,
    '"\ud800"',
  ];
  for (const text of texts) {
    const started = performance.now();
    expect(hasErrors(check(text))).toBe(true);
    expect(performance.now() - started).toBeLessThan(2000);
  }
});
