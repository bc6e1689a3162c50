/** Reads server-sent events out of pieces of text, however they are cut. */

export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** Takes the next piece and gives the events that are whole by then. A comment or an event without data gives none. */
export type EventReader = (piece: string) => readonly ServerSentEvent[];

export function eventReader(): EventReader {
  let rest = '';
  let event = '';
  let data: string[] = [];
  let id = '';
  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/u);
    rest = lines.pop() ?? '';
    const whole: ServerSentEvent[] = [];
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0)
          whole.push({ event: event === '' ? 'message' : event, data: data.join('\n'), id });
        event = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /u, '');
      if (field === 'data') data.push(value);
      else if (field === 'event') event = value;
      else if (field === 'id') id = value;
    }
    return whole;
  };
}
