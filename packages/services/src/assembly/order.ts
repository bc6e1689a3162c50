import { isArray, type Json, type JsonObject } from '@stepyard/asl';
import { failAt } from './assembly-error.ts';
import { objectOf } from './assets.ts';
import { referencesOf } from './resolve.ts';

/**
 * Logical ids in an order in which they can be created: what Ref, GetAtt, Sub and DependsOn name comes first; otherwise as the
 * template has them. Throws an AssemblyError that names the circle.
 */
export function deploymentOrder(stackName: string, resources: JsonObject): readonly string[] {
  const order: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): void => {
    if (done.has(id)) return;
    const at = path.indexOf(id);
    if (at >= 0) {
      failAt(
        { stackName, element: id, path: '' },
        `circular dependency: ${[...path.slice(at), id].join(' -> ')}`,
      );
    }
    path.push(id);
    const resource = objectOf(resources[id]);
    const properties = resource['Properties'];
    const needed = [
      ...dependsOn(resource['DependsOn']),
      ...(properties === undefined ? [] : referencesOf(properties)),
    ];
    for (const name of needed) if (Object.hasOwn(resources, name)) visit(name);
    path.pop();
    done.add(id);
    order.push(id);
  };
  for (const id of Object.keys(resources)) visit(id);
  return order;
}

function dependsOn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
