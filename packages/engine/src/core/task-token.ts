/**
 * Task tokens carry where they belong, so that one that comes back after a restart, or after its task is over, can be told
 * from one that never was, without an index of all tokens ever given. The random part makes them unguessable by chance;
 * a token is live only while its task holds the same text.
 */
export interface TokenContent {
  readonly executionArn: string;
  /** Id of the event that scheduled the attempt. */
  readonly task: number;
}

const PREFIX = 'AQCsy';

export function makeToken(content: TokenContent, uuid: string): string {
  const text = encodeURIComponent(`${uuid}|${content.task}|${content.executionArn}`);
  return PREFIX + btoa(text).replaceAll('=', '');
}

/** undefined: not a token of ours. */
export function readToken(token: string): TokenContent | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  try {
    const text = decodeURIComponent(atob(token.slice(PREFIX.length)));
    const match = /^[0-9a-f-]{36}\|(\d{1,6})\|(.+)$/u.exec(text);
    if (match === null) return undefined;
    return { task: Number(match[1]), executionArn: match[2] ?? '' };
  } catch {
    return undefined;
  }
}
