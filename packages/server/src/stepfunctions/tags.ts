import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import type { Engine } from '@stepyard/engine';
import { ApiError } from '../protocol/api-error.ts';

/** AWS's limit on tags of one resource. */
export const TAGS_MAX = 50;

/** Where tags are kept: an engine, whose store has them with the rest of the control plane. */
export type TagKeeper = Pick<Engine, 'tags' | 'setTags'>;

/** The tags of state machines and activities, by ARN, in the order they were first given. One change at a time. */
export class TagStore {
  readonly #keeper: TagKeeper;
  #change: Promise<unknown> = Promise.resolve();

  constructor(keeper: TagKeeper) {
    this.#keeper = keeper;
  }

  async list(arn: string): Promise<readonly { readonly key: string; readonly value: string }[]> {
    return Array.from((await this.#keeper.tags(arn)) ?? [], ([key, value]) => ({ key, value }));
  }

  /** The tags of a resource that a request creates; when it was there already they are not looked at, as on AWS. */
  create(arn: string, tags: ReadonlyMap<string, string>): Promise<void> {
    return this.#inTurn(async () => {
      if ((await this.#keeper.tags(arn)) === undefined) await this.#set(arn, tags);
    });
  }

  /** Rejects with TooManyTags, and changes nothing, past {@link TAGS_MAX}. */
  add(arn: string, tags: ReadonlyMap<string, string>): Promise<void> {
    return this.#inTurn(async () =>
      this.#set(arn, new Map([...((await this.#keeper.tags(arn)) ?? []), ...tags])),
    );
  }

  remove(arn: string, keys: ReadonlySet<string>): Promise<void> {
    return this.#inTurn(async () => {
      const tags = Array.from((await this.#keeper.tags(arn)) ?? []);
      await this.#set(arn, new Map(tags.filter(([key]) => !keys.has(key))));
    });
  }

  clear(arn: string): Promise<void> {
    return this.#inTurn(() => this.#keeper.setTags(arn, undefined));
  }

  async #set(arn: string, tags: ReadonlyMap<string, string>): Promise<void> {
    if (tags.size > TAGS_MAX) {
      throw new ApiError('TooManyTags', `Too many tags: '${arn}'`, { members: { resourceName: arn } });
    }
    await this.#keeper.setTags(arn, tags);
  }

  async #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#change.then(change, change);
    this.#change = done.catch(() => undefined);
    await done;
  }
}

/** The wire's `tags` member as a map; a tag without a key or value has the empty string, as AWS keeps it. */
export function readTags(tags: Json | undefined): ReadonlyMap<string, string> {
  const list: readonly Json[] = Array.isArray(tags) ? tags : [];
  return new Map(
    list.filter((tag) => isObject(tag)).map((tag) => [memberText(tag, 'key'), memberText(tag, 'value')]),
  );
}

/** As {@link readTags}, before anything is created that would have too many. */
export function readFirstTags(tags: Json | undefined): ReadonlyMap<string, string> {
  const read = readTags(tags);
  if (read.size > TAGS_MAX) throw new ApiError('TooManyTags', 'Too many tags');
  return read;
}

function memberText(tag: JsonObject, name: string): string {
  const value = tag[name];
  return typeof value === 'string' ? value : '';
}
