import { MESSAGES } from './messages.ts';

/** What goes into an error's message. */
export interface ErrorDetails {
  readonly value?: unknown;
  readonly value2?: unknown;
  readonly index?: number;
  readonly type?: string | undefined;
  readonly exp?: unknown;
  readonly functionName?: string;
  readonly message?: string;
}

/** A JSONata error with its code (`T2001`): the language's own list, which Step Functions quotes. */
export class JsonataError extends Error {
  readonly code: string;
  readonly details: ErrorDetails;
  /** The function or operator at fault; set where the call is, the function itself does not know its name. */
  token: string | undefined;

  constructor(code: string, details: ErrorDetails = {}, token?: string) {
    super(code);
    this.name = 'JsonataError';
    this.code = code;
    this.details = details;
    this.token = token;
  }

  /** The message with its values put in. */
  get text(): string {
    const template = MESSAGES[this.code] ?? this.code;
    const values: Readonly<Record<string, unknown>> = { ...this.details, token: this.token };
    return template
      .replaceAll(/\{\{\{([^}]+)\}\}\}/g, (_match, name: string) => String(values[name]))
      .replaceAll(/\{\{([^}]+)\}\}/g, (_match, name: string) => shown(values[name]));
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

/** An evaluation that went over one of its bounds. The texts are AWS's. */
export class BoundExceeded extends Error {
  constructor(bound: 'time' | 'stack' | 'memory') {
    super(BOUND_TEXTS[bound]);
    this.name = 'BoundExceeded';
  }
}

const BOUND_TEXTS = {
  time: 'Expression evaluation timeout: Check for infinite loop',
  stack:
    'Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive.',
  memory: 'Expression evaluation memory limit exceeded: Check for excessive memory usage',
} as const;
