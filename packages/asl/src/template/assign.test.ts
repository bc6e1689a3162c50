import { expect, test } from 'vitest';
import { environment } from '../environment.fixture.ts';
import { compileAssign } from './assign.ts';

const here = environment({ document: { n: 1 }, variables: { x: 1, y: 2 } });

test('assigns from the old values, in both languages', () => {
  expect(compileAssign({ 'x.$': '$y', 'y.$': '$x', z: '$.n' }, 'JSONPath')(here)).toEqual({
    x: 2,
    y: 1,
    z: '$.n',
  });
  expect(compileAssign({ x: '{% $y %}', y: '{% $x %}', z: '$x' }, 'JSONata')(here)).toEqual({
    x: 2,
    y: 1,
    z: '$x',
  });
});

test('a failure names the variable', () => {
  expect(() => compileAssign({ result: '{% $gone %}' }, 'JSONata')(here)).toThrow(
    "The JSONata expression '$gone' specified for the field 'Assign/result' returned nothing (undefined).",
  );
  expect(() => compileAssign({ r: '{% $gone %}' }, 'JSONata', 'Choices[0]/Assign')(here)).toThrow(
    'Choices[0]/Assign/r',
  );
  expect(() => compileAssign({ 'r.$': '$.gone' }, 'JSONPath')(here)).toThrow("the field 'r.$'");
});

test('must be an object', () => {
  expect(() => compileAssign([], 'JSONata')).toThrow('must be an object');
});
