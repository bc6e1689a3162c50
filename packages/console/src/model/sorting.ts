export type SortValue = string | number | null;

export interface Sorting {
  readonly column: string;
  readonly isDescending: boolean;
}

const TEXT = new Intl.Collator('en', { numeric: true });

/** A sorted copy; what has no value comes last, whichever way it goes. Rows that are alike keep their order. */
export function sorted<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => SortValue,
  isDescending: boolean,
): readonly Row[] {
  const sign = isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .toSorted((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      if (typeof a.value === 'number' && typeof b.value === 'number') return sign * (a.value - b.value);
      return sign * TEXT.compare(String(a.value), String(b.value));
    })
    .map(({ row }) => row);
}
