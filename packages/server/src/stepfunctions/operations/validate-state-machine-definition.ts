import { refused } from '../../protocol/api-error.ts';
import type { Operation } from '../operation.ts';

export const validateStateMachineDefinition: Operation = async () => {
  throw refused('states:ValidateStateMachineDefinition', 'Use stepyard check FILE.');
};
