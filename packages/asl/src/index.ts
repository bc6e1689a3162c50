export type { Json, JsonArray, JsonObject } from './json.ts';
export { getOwn, isArray, isObject, setOwn } from './json.ts';
export type { Environment, Evaluate } from './environment.ts';
export { AslFailure } from './environment.ts';
export type { Diagnostic, Position, Range, Severity } from './diagnostic.ts';
export type * from './program.ts';
export type { Pattern, TaskResource } from './integrations/resource.ts';
export { parseResource } from './integrations/resource.ts';
export type { IamNeed, Integration } from './integrations/integration.ts';
