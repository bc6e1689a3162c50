/** Reads what was saved, and believes nothing of it: it may come from a damaged disk, or from somebody who means harm. */
import type { Json, JsonObject } from '@stepyard/asl';

/** A snapshot is damaged, or is none. The message says what of it. */
export class SnapshotUnreadable extends Error {
  override readonly name = 'SnapshotUnreadable';
}

/** The members of one saved list, in their order: each is asked for as what it must be. */
export class SavedReader {
  readonly #members: readonly unknown[];
  readonly #what: string;
  readonly #checked: Set<object>;
  #position = 0;

  /** `checked`: values that are known to be JSON; one set for a whole snapshot, in which values are shared. */
  constructor(saved: unknown, what: string, checked = new Set<object>()) {
    if (!Array.isArray(saved)) throw new SnapshotUnreadable(`${what} is no list`);
    this.#members = saved;
    this.#what = what;
    this.#checked = checked;
  }

  get hasMore(): boolean {
    return this.#position < this.#members.length;
  }

  /** How many members there are, read or not. */
  get length(): number {
    return this.#members.length;
  }

  next(): unknown {
    if (!this.hasMore) throw this.#wrong('is too short');
    return this.#members[this.#position++];
  }

  /** The next member as a list of its own. */
  list(what: string): SavedReader {
    return new SavedReader(this.next(), what, this.#checked);
  }

  /** The next member by `read`, or undefined where there is none. */
  optional<Value>(read: () => Value): Value | undefined {
    if (!this.hasMore || this.#members[this.#position] !== undefined) return read();
    this.#position++;
    return undefined;
  }

  /** A whole number, not negative. */
  count(): number {
    const value = this.next();
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw this.#wrong('has no valid count');
  }

  /** Any number but NaN. */
  number(): number {
    const value = this.next();
    if (typeof value === 'number' && !Number.isNaN(value)) return value;
    throw this.#wrong('has no valid number');
  }

  text(): string {
    const value = this.next();
    if (typeof value === 'string') return value;
    throw this.#wrong('has no valid text');
  }

  flag(): boolean {
    const value = this.next();
    if (typeof value === 'boolean') return value;
    throw this.#wrong('has no valid flag');
  }

  oneOf<const Word extends string>(words: readonly Word[]): Word {
    const value = this.next();
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw this.#wrong('has a word that means nothing');
  }

  json(): Json {
    return this.#json(this.next());
  }

  jsonObject(): JsonObject {
    const value = this.json();
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
    throw this.#wrong('has no valid object');
  }

  jsonArray(): readonly Json[] {
    const value = this.json();
    if (Array.isArray(value)) return value as readonly Json[];
    throw this.#wrong('has no valid array');
  }

  /** An array of results, of which some are not there yet. */
  results(): Json[] {
    const value = this.next();
    if (!Array.isArray(value)) throw this.#wrong('has no valid results');
    for (const [index, result] of value.entries()) if (index in value) this.#json(result);
    return value as Json[];
  }

  /** Throws where something is left over. */
  end(): void {
    if (this.hasMore) throw this.#wrong('is too long');
  }

  #wrong(how: string): SnapshotUnreadable {
    return new SnapshotUnreadable(`${this.#what} ${how}`);
  }

  #json(value: unknown): Json {
    if (!this.#isJson(value, new Set())) throw this.#wrong('has a value that is no JSON');
    return value as Json;
  }

  /** `around`: the values that this one is in; none of them can be in it. */
  #isJson(value: unknown, around: Set<object>): boolean {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
    if (typeof value === 'number') return Number.isFinite(value);
    if (typeof value !== 'object' || around.has(value)) return false;
    if (this.#checked.has(value)) return true;
    if (!Array.isArray(value) && Object.prototype.toString.call(value) !== '[object Object]') return false;
    around.add(value);
    const isJson = Array.isArray(value)
      ? Object.keys(value).length === value.length && value.every((member) => this.#isJson(member, around))
      : Object.values(value).every((member) => this.#isJson(member, around));
    around.delete(value);
    if (isJson) this.#checked.add(value);
    return isJson;
  }
}
