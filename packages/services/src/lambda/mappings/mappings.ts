import { join } from 'node:path';
import { apiError, refuseFeature, type HostedService, type LogSink } from '../../service.ts';
import { JsonFile } from '../../store/json-file.ts';
import type { Functions } from '../functions.ts';
import type { Invoker } from '../invoke.ts';
import type { Mapping } from './mapping.ts';
import { Poller } from './poller.ts';

export interface MappingsOptions {
  /** Mappings are kept in `<dataDir>/lambda/mappings.json`. */
  readonly dataDir: string | undefined;
  readonly sqs?: Pick<HostedService, 'call'>;
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly log: LogSink;
}

/** The event source mappings, each enabled one with its poller. */
export class Mappings {
  readonly #options: MappingsOptions;
  readonly #mappings = new Map<string, Mapping>();
  readonly #pollers = new Map<string, Poller>();
  readonly #closing = new Set<Promise<void>>();
  readonly #file: JsonFile<readonly Mapping[]>;

  constructor(options: MappingsOptions) {
    const { dataDir } = options;
    this.#options = options;
    this.#file = new JsonFile(dataDir === undefined ? undefined : join(dataDir, 'lambda', 'mappings.json'));
    for (const mapping of this.#file.read([])) this.#apply(mapping);
  }

  /** The way to SQS. Refuses the operation by name where there is none. */
  sqs(operation: string): Pick<HostedService, 'call'> {
    const { sqs } = this.#options;
    if (sqs === undefined) throw refuseFeature('lambda', operation, 'event sources without SQS');
    return sqs;
  }

  list(): readonly Mapping[] {
    return [...this.#mappings.values()];
  }

  /** Throws ResourceNotFoundException. */
  get(uuid: string): Mapping {
    const mapping = this.#mappings.get(uuid);
    if (mapping !== undefined) return mapping;
    throw apiError('lambda', 'ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  }

  put(mapping: Mapping): void {
    this.#apply(mapping);
    this.#write();
  }

  delete(uuid: string): void {
    this.#stop(uuid);
    this.#mappings.delete(uuid);
    this.#write();
  }

  /** Resolves when no poller is at work. */
  async close(): Promise<void> {
    for (const uuid of this.#pollers.keys()) this.#stop(uuid);
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  #apply(mapping: Mapping): void {
    this.#stop(mapping.uuid);
    this.#mappings.set(mapping.uuid, mapping);
    const { sqs } = this.#options;
    if (mapping.enabled && sqs !== undefined) {
      this.#pollers.set(mapping.uuid, new Poller(mapping, { ...this.#options, sqs }));
    }
  }

  #stop(uuid: string): void {
    const poller = this.#pollers.get(uuid);
    if (poller === undefined) return;
    this.#pollers.delete(uuid);
    const closing = poller.close();
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }

  #write(): void {
    this.#file.write(this.list());
  }
}
