/** What is wrong with a cloud assembly or its deployment: one line that names the stack, the resource and the place. */
export class AssemblyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AssemblyError';
  }
}

/** Where in an assembly something is, for messages. */
export interface Place {
  readonly stackName: string;
  /** Logical id of the resource, or the section (`Outputs`, `Conditions`). */
  readonly element: string;
  /** Path below it: `Properties/DefinitionString`. */
  readonly path: string;
}

export function below(place: Place, step: string | number): Place {
  return { ...place, path: place.path === '' ? String(step) : `${place.path}/${step}` };
}

export function failAt(place: Place, message: string): never {
  const path = place.path === '' ? '' : `, ${place.path}`;
  throw new AssemblyError(`stack ${place.stackName}, ${place.element}${path}: ${message}`);
}
