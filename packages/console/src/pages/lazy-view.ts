import type { ComponentType } from 'react';

export type View = ComponentType<Record<string, string>>;

/** A view that comes in a piece of its own, when it is first opened. */
export interface LazyView {
  /** The view, once it has come. */
  readonly now: View | undefined;
  load(): Promise<View>;
}

/**
 * A view in a file of its own. Not React's `lazy`, which lets a page that has come wait for a third of a second when something else
 * was shown in its place; and which does not load before it is drawn.
 */
export function view<Name extends string>(
  load: () => Promise<Record<Name, ComponentType<never>>>,
  name: Name,
): LazyView {
  let now: View | undefined;
  return {
    get now() {
      return now;
    },
    async load() {
      // What a pattern's parameters are called is what the view's properties are called; nothing but this table ties them.
      now ??= (await load())[name] as View;
      return now;
    },
  };
}
