/** What of an event's details is shown how: payloads are laid out, the rest is listed. */

export interface DetailFields {
  readonly payloads: readonly { readonly name: string; readonly text: string }[];
  readonly facts: readonly { readonly name: string; readonly text: string }[];
}

/** Fields of events that hold JSON as text: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html */
const PAYLOADS = new Set(['input', 'output', 'parameters', 'taskCredentials', 'assignedVariables']);

export function detailFields(details: Readonly<Record<string, unknown>>): DetailFields {
  const payloads: { name: string; text: string }[] = [];
  const facts: { name: string; text: string }[] = [];
  for (const [name, value] of Object.entries(details)) {
    if (name.endsWith('Details') && (name === 'inputDetails' || name === 'outputDetails')) continue;
    if (name === 'assignedVariables' && typeof value === 'object' && value !== null) {
      payloads.push({ name, text: objectOfTexts(value as Readonly<Record<string, unknown>>) });
    } else if (PAYLOADS.has(name)) payloads.push({ name, text: asText(value) });
    else facts.push({ name, text: asText(value) });
  }
  return { payloads, facts };
}

/** An object whose values are JSON texts, as one JSON text. */
function objectOfTexts(values: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(values).map(([name, value]) => `${JSON.stringify(name)}:${asText(value)}`);
  return `{${members.join(',')}}`;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** `inputDetails` -> `Input details`: as people read it. */
export function spelled(name: string): string {
  const words = name.replaceAll(/([a-z])([A-Z])/gu, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Of a fact's text: it does not fit into a column beside others. */
export function isLong(text: string): boolean {
  return text.length > 40;
}
