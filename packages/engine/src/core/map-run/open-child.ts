import { uuidText } from '../uuid.ts';
import type { Uuid } from '../uuid.ts';
import type { ChildMachine } from './map-run.ts';

/** What makes one child of a map run another one than the next. */
export interface ChildIdentity {
  readonly machine: ChildMachine;
  readonly id: Uuid;
  /** Express executions may share a name: this one tells them apart. Undefined for a Standard child. */
  readonly expressId: Uuid | undefined;
}

/** What a start of a child is, the first one or another one. */
export interface ChildStart {
  /** JSON text. */
  readonly input: string;
  readonly itemCount: number;
  readonly startedMs: number;
  /** How often it was redriven, and when last. An Express child is started anew instead, and knows nothing of it. */
  readonly redriveCount: number;
  readonly redrivenMs: number | undefined;
}

/** A child that runs. There may be ten thousand of them that nobody asks for: name and ARN are made when they are read. */
export class OpenChild implements ChildStart {
  readonly identity: ChildIdentity;
  readonly input: string;
  readonly itemCount: number;
  readonly startedMs: number;
  readonly redriveCount: number;
  readonly redrivenMs: number | undefined;

  constructor(identity: ChildIdentity, start: ChildStart) {
    this.identity = identity;
    this.input = start.input;
    this.itemCount = start.itemCount;
    this.startedMs = start.startedMs;
    this.redriveCount = start.redriveCount;
    this.redrivenMs = start.redrivenMs;
  }

  get name(): string {
    return uuidText(this.identity.id);
  }

  get executionArn(): string {
    const { machine, id, expressId } = this.identity;
    return childArn(machine.executions, id, expressId);
  }
}

/** `...:execution:<state machine>/<label>:<name>`, or `...:express:<state machine>/<label>:<name>:<uuid>`. */
export function childArn(executions: string, id: Uuid, expressId: Uuid | undefined): string {
  const arn = `${executions}:${uuidText(id)}`;
  return expressId === undefined ? arn : `${arn}:${uuidText(expressId)}`;
}
