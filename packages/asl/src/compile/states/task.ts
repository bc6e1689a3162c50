import { parseResource } from '../../integrations/resource.ts';
import type { TaskState } from '../../program.ts';
import { compileBase, compileNumber, jsonata, template } from '../dataflow.ts';
import { compileCatch, compileRetry } from '../errors.ts';
import { refuse, stringField, transition } from '../state-source.ts';
import type { StateSource } from '../state-source.ts';

export function compileTask(source: StateSource): TaskState {
  const text = stringField(source, 'Resource') ?? '';
  return {
    ...compileBase(source),
    type: 'Task',
    resource: parseResource(text) ?? refuse(source, `Resource ${JSON.stringify(text)} is not known`),
    timeoutSeconds: compileNumber(source, 'TimeoutSeconds'),
    heartbeatSeconds: compileNumber(source, 'HeartbeatSeconds'),
    credentials:
      source.language === 'JSONata' ? jsonata(source, 'Credentials') : template(source, 'Credentials'),
    retry: compileRetry(source),
    catch: compileCatch(source),
    next: transition(source),
  };
}
