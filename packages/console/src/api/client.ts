import type { ApiProblem, Commands, Queries } from './types.ts';

const API = `${import.meta.env.BASE_URL}api/`;
/** Says that a request comes from the console: no form, image or link of another site can send it. */
export const CONSOLE_HEADER = { 'x-stepyard-console': '1' } as const;

/** What the yard refused, or that it could not be reached (`Unreachable`, status 0). */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

/** Asks the yard something; throws {@link ApiError}, or an AbortError when the signal says so. */
export async function query<Name extends keyof Queries>(
  name: Name,
  parameters: Queries[Name]['query'],
  signal?: AbortSignal,
): Promise<Queries[Name]['answer']> {
  const given = Object.entries(parameters as Readonly<Record<string, string | undefined>>);
  const text = new URLSearchParams(
    given.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  ).toString();
  const answer = await request(`${API}${name}${text === '' ? '' : `?${text}`}`, {
    headers: CONSOLE_HEADER,
    ...(signal === undefined ? {} : { signal }),
  });
  return answer as Queries[Name]['answer'];
}

/** Has the yard do something; throws {@link ApiError}. */
export async function command<Name extends keyof Commands>(
  name: Name,
  body: Commands[Name]['body'],
): Promise<Commands[Name]['answer']> {
  const answer = await request(`${API}${name}`, {
    method: 'POST',
    headers: { ...CONSOLE_HEADER, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer as Commands[Name]['answer'];
}

/** Calls an operation of the Step Functions API, which the yard has at the same origin; throws {@link ApiError}. */
export async function callStepFunctions(operation: string, body: object): Promise<unknown> {
  return request('/', {
    method: 'POST',
    headers: {
      ...CONSOLE_HEADER,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${operation}`,
    },
    body: JSON.stringify(body),
  });
}

async function request(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await response.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('Unreachable', 'The yard does not answer. Is it running?', 0);
  }
  const body = parsed(text);
  if (response.ok && body !== undefined) return body;
  throw problemOf(body, response.status);
}

/** JSON of the answer; `{}` of an empty one, undefined of anything else. */
function parsed(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** An error of the console's own API, or of AWS's: `{ __type: 'prefix#Code', message }`. */
function problemOf(body: unknown, status: number): ApiError {
  const { error, message, Message, __type } = (body ?? {}) as Partial<ApiProblem> & {
    readonly Message?: string;
    readonly __type?: string;
  };
  const code = error ?? __type?.split('#').at(-1) ?? 'UnexpectedAnswer';
  return new ApiError(code, message ?? Message ?? `The yard answered with status ${status}.`, status);
}
