import { describe, expect, test } from 'vitest';
import { AslFailure } from '../environment.ts';
import { deepFreeze, environment } from '../environment.fixture.ts';
import type { Json } from '../json.ts';
import { compileJsonataTemplate } from './jsonata-template.ts';
import { TEMPLATE_DEPTH_MAX } from './limits.ts';

const here = environment({
  document: deepFreeze({ name: 'x', list: [1, 2, 3] }),
  variables: { v: 10 },
  context: { State: { Name: 'S' } },
});
const evaluate = (template: Json): Json => compileJsonataTemplate(template, 'Output')(here);

test('expressions are evaluated wherever they stand', () => {
  expect(
    evaluate({
      a: '{% $states.input.name & $v %}',
      b: [1, '{%$sum($states.input.list)%}', { c: '{% $states.context.State.Name %}' }],
      n: '{% null %}',
    }),
  ).toEqual({ a: 'x10', b: [1, 6, { c: 'S' }], n: null });
  expect(evaluate('{% $states.input %}')).toBe(here.states.input);
});

// Recorded: output--base-output-any-non-dict-list-rich, arguments--base-cases-base-lambda-literals.
test('other texts are literal, even with delimiters in them', () => {
  const literal = deepFreeze([
    null,
    0,
    true,
    '$nosuchvar',
    '$.no.such.path',
    ' {% states.input %} ',
    '{%',
    'x{% 1 %}',
  ]);
  expect(evaluate(literal)).toBe(literal);
});

describe('failures', () => {
  const failing = (template: Json): AslFailure | undefined => {
    try {
      evaluate(template);
    } catch (error) {
      if (error instanceof AslFailure) return error;
    }
    return undefined;
  };

  // Recorded: assign-reference-variables--undefined-reference-*.
  test('nothing is one, and names its field with slashes', () => {
    expect(failing({ result: { deep: ['{% 1 %}', '{% $doesNotExist %}'] } })).toMatchObject({
      error: 'States.QueryEvaluationError',
      location: 'Output/result/deep[1]',
      failureCause:
        "The JSONata expression '$doesNotExist' specified for the field 'Output/result/deep[1]' returned nothing (undefined).",
    });
  });

  // The words of AWS, measured by others (floci issues 2736 and 2737).
  test.each([
    ['1 + "a"', '. T2002: The right side of the "+" operator must evaluate to a number'],
    ['$abs("a")', '. T0410: Argument 1 of function "abs" does not match function signature'],
    ['$sum(["a"])', '. T0412: Argument 1 of function "sum" must be an array of "numbers"'],
    ['$eval("1+1")', '. T1006: Attempted to invoke a non-function'],
    [
      '$formatNumber(1, "x")',
      '. D3086: The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character',
    ],
    ['$error("mine")', '. D3137: mine'],
    [
      '[1..900000] ~> $count()',
      ': Expression evaluation memory limit exceeded: Check for excessive memory usage',
    ],
  ])('%s', (expression, ending) => {
    expect(failing(`{% ${expression} %}`)?.failureCause).toBe(
      `The JSONata expression '${expression}' specified for the field 'Output' threw an error during evaluation${ending}`,
    );
  });
});

test('a template nests so deep and no deeper', () => {
  const nested = (depth: number): Json => (depth === 0 ? '{% 1 %}' : [nested(depth - 1)]);
  expect(evaluate(nested(TEMPLATE_DEPTH_MAX))).toBeDefined();
  expect(() => evaluate(nested(TEMPLATE_DEPTH_MAX + 1))).toThrow('nests deeper');
});
