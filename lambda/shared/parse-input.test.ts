import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidInputError, parseInput } from './parse-input.ts';

const Schema = z.object({ name: z.string(), ages: z.array(z.number()).default([]) });

describe('parseInput', () => {
  test('gives what the schema makes of the event', () => {
    expect(parseInput({ name: 'Ada', more: true }, Schema)).toEqual({ name: 'Ada', ages: [] });
  });

  test('says where the event is wrong', () => {
    expect(() => parseInput({ ages: [1, 'two'] }, Schema)).toThrow(InvalidInputError);
    expect(() => parseInput({ ages: [1, 'two'] }, Schema)).toThrow(/^name: .*; ages\.1: /u);
  });

  test('survives an event that is nothing at all', () => {
    expect(() => parseInput(undefined, Schema)).toThrow(/^input: /u);
  });
});
