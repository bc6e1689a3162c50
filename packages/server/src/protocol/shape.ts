/**
 * The shapes of an API's requests, as AWS publishes them: what is required, of which type, how long, which values.
 * The data is generated (stepfunctions/model/generate.ts); a test compares it with the schemas of the installed SDK.
 */
export type Shape = StringShape | NumberShape | BooleanShape | ListShape | MapShape | StructureShape;

export interface StringShape {
  readonly kind: 'string';
  /** Lengths in UTF-16 code units, inclusive. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly values?: readonly string[];
  /** The value is left out of messages. */
  readonly sensitive?: boolean;
}

export interface NumberShape {
  readonly kind: 'number';
  readonly integer: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly sensitive?: boolean;
}

export interface BooleanShape {
  readonly kind: 'boolean';
}

export interface ListShape {
  readonly kind: 'list';
  readonly member: string;
  readonly min?: number;
  readonly max?: number;
}

export interface MapShape {
  readonly kind: 'map';
  readonly member: string;
}

export interface StructureShape {
  readonly kind: 'structure';
  /** Member name -> shape name. */
  readonly members: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
}

export interface ApiModel {
  /** Operation name -> name of its input shape. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}
