import * as fc from 'fast-check';
import type { Json } from '../../json.ts';

const TYPES = ['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Map', 'Parallel'];
const name = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 20, maxLength: 90 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      '<script>',
      'a/b~c',
      '  ',
      'averyveryverylongnamewithoutanyplacetobreakitatall',
    ),
  },
);

/** Any list of states with any transitions between them, nested to `depth`: far wilder than what anybody deploys. */
export function anyDefinition(statesMax: number, depth: number): fc.Arbitrary<Json> {
  return fc.uniqueArray(name, { minLength: 1, maxLength: statesMax }).chain((names) => {
    const target = fc.constantFrom(...names);
    const targets = fc.array(
      target.map((Next) => ({ Next })),
      { maxLength: 4 },
    );
    const nested =
      depth === 0
        ? fc.constant([])
        : fc.array(anyDefinition(Math.min(statesMax, 5), depth - 1), { minLength: 1, maxLength: 3 });
    const state = fc
      .record({
        type: fc.constantFrom(...TYPES),
        next: fc.option(target, { freq: 3 }),
        targets,
        catchers: targets,
        nested,
      })
      .map(({ type, next, targets: choices, catchers, nested: inner }): Json => {
        if (type === 'Choice')
          return { Type: type, Choices: choices, ...(next === null ? {} : { Default: next }) };
        const onwards = { Type: type, Catch: catchers, ...(next === null ? { End: true } : { Next: next }) };
        if (type === 'Parallel') return { ...onwards, Branches: inner };
        return type === 'Map' && inner[0] !== undefined ? { ...onwards, ItemProcessor: inner[0] } : onwards;
      });
    return fc
      .tuple(fc.array(state, { minLength: names.length, maxLength: names.length }), target)
      .map(([states, StartAt]) => ({
        StartAt,
        States: Object.fromEntries(names.map((key, index) => [key, states[index] ?? {}])),
      }));
  });
}
