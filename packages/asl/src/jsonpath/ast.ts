import type { Json } from '../json.ts';

/** Where a path starts: the document, the context object, a workflow variable, or (in a filter) the item at hand. */
export type PathRoot =
  | { readonly kind: 'document' }
  | { readonly kind: 'context' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'item' };

export type Segment =
  | { readonly kind: 'properties'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  /** At least one of the two is given; Jayway reads a step and ignores it. */
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'scan' }
  | { readonly kind: 'filter'; readonly condition: FilterNode }
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly FunctionArgument[] };

export type FunctionArgument =
  { readonly kind: 'literal'; readonly value: Json } | { readonly kind: 'path'; readonly path: PathAst };

export interface PathAst {
  /** The path as written. */
  readonly text: string;
  readonly root: PathRoot;
  readonly segments: readonly Segment[];
}

export type FilterNode =
  | { readonly kind: 'or' | 'and'; readonly left: FilterNode; readonly right: FilterNode }
  | { readonly kind: 'not'; readonly operand: FilterNode }
  | { readonly kind: 'exists'; readonly path: PathAst; readonly wanted: boolean }
  | {
      readonly kind: 'compare';
      readonly operator: FilterOperator;
      readonly left: Operand;
      readonly right: Operand;
    };

export type Operand =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'path'; readonly path: PathAst };

/** Jayway's relational operators, by their upper-case spelling. */
export const FILTER_OPERATORS = [
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '=~',
  'IN',
  'NIN',
  'CONTAINS',
  'ALL',
  'SIZE',
  'EMPTY',
  'TYPE',
  'SUBSETOF',
  'ANYOF',
  'NONEOF',
] as const;

export type FilterOperator = (typeof FILTER_OPERATORS)[number];

export function isFilterOperator(text: string): text is FilterOperator {
  return (FILTER_OPERATORS as readonly string[]).includes(text);
}
