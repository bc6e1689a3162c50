import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ApiError } from '../protocol/api-error.ts';

/** AWS's limit on tags of one resource. */
export const TAGS_MAX = 50;

/** The tags of state machines and activities, by ARN, in the order they were first given. */
export class TagStore {
  readonly #tags = new Map<string, ReadonlyMap<string, string>>();
  readonly #created = new Set<string>();

  list(arn: string): readonly { readonly key: string; readonly value: string }[] {
    return Array.from(this.#tags.get(arn) ?? [], ([key, value]) => ({ key, value }));
  }

  /** The tags of a resource that a request creates; when it was there already they are not looked at, as on AWS. */
  create(arn: string, tags: ReadonlyMap<string, string>): void {
    if (this.#created.has(arn)) return;
    this.#created.add(arn);
    this.add(arn, tags);
  }

  /** Throws TooManyTags, and changes nothing, past {@link TAGS_MAX}. */
  add(arn: string, tags: ReadonlyMap<string, string>): void {
    const merged = new Map([...(this.#tags.get(arn) ?? []), ...tags]);
    if (merged.size > TAGS_MAX) {
      throw new ApiError('TooManyTags', `Too many tags: '${arn}'`, { members: { resourceName: arn } });
    }
    this.#tags.set(arn, merged);
  }

  remove(arn: string, keys: ReadonlySet<string>): void {
    const left = new Map(Array.from(this.#tags.get(arn) ?? []).filter(([key]) => !keys.has(key)));
    if (left.size === 0) this.#tags.delete(arn);
    else this.#tags.set(arn, left);
  }

  clear(arn: string): void {
    this.#created.delete(arn);
    this.#tags.delete(arn);
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
