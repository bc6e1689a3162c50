import { isArray, isObject, type Json } from '@stepyard/asl';
import type { AliasRoute } from '@stepyard/engine';
import { text } from './operation.ts';

/** `routingConfiguration` of a request, whose members' types the model has checked; undefined when it is left out. */
export function readRoutes(value: Json | undefined): readonly AliasRoute[] | undefined {
  if (!isArray(value)) return undefined;
  return value.filter(isObject).map((route) => ({
    stateMachineVersionArn: text(route, 'stateMachineVersionArn'),
    weight: Number(route['weight']),
  }));
}
