import type { Json } from '../json.ts';
import { getOwn, isObject } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import {
  ITEM_BATCHER_EXCLUSIONS,
  ITEM_BATCHER_FIELDS,
  ITEM_READER_FIELDS,
  LABEL_CHARACTERS_MAX,
  READER_CONFIG_EXCLUSIONS,
  READER_CONFIG_FIELDS,
  RESULT_WRITER_FIELDS,
  WRITER_CONFIG_FIELDS,
} from './fields.ts';
import { checkHolder, objectScope } from './holder.ts';
import { characterCount, typeName } from './scope.ts';
import type { Scope } from './scope.ts';

/** Iterations of an inline Map that run at once at most (developer guide, "Using Map state in Inline mode"). */
export const INLINE_CONCURRENCY_MAX = 40;

/** What the Label of a Distributed Map must not contain: white space, brackets, wildcards, special and control characters. */
const LABEL_FORBIDDEN = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u;

export function checkItemReader(scope: Scope, pointer: string, value: Json): void {
  const reader = objectScope(scope, pointer, value, 'an ItemReader');
  if (reader === undefined) return;
  checkHolder(reader, ITEM_READER_FIELDS, {
    object: (inner, at, config) => {
      const configScope = objectScope(inner, at, config, 'a ReaderConfig');
      if (configScope !== undefined) {
        checkHolder(configScope, READER_CONFIG_FIELDS, {}, READER_CONFIG_EXCLUSIONS);
      }
    },
  });
}

export function checkItemBatcher(scope: Scope, pointer: string, value: Json): void {
  const batcher = objectScope(scope, pointer, value, 'an ItemBatcher');
  if (batcher === undefined) return;
  checkHolder(batcher, ITEM_BATCHER_FIELDS, {}, ITEM_BATCHER_EXCLUSIONS);
  const sizes = ITEM_BATCHER_EXCLUSIONS.flatMap(({ names }) => names);
  if (!sizes.some((name) => Object.hasOwn(batcher.holder, name))) {
    scope.report.add('missingField', pointer, `One of these fields is required: [${sizes.join(', ')}]`);
  }
}

export function checkResultWriter(scope: Scope, pointer: string, value: Json): void {
  const writer = objectScope(scope, pointer, value, 'a ResultWriter');
  if (writer === undefined) return;
  checkHolder(writer, RESULT_WRITER_FIELDS, {
    object: (inner, at, config) => {
      const configScope = objectScope(inner, at, config, 'a WriterConfig');
      if (configScope !== undefined) checkHolder(configScope, WRITER_CONFIG_FIELDS);
    },
  });
}

export function checkLabel({ report }: Scope, pointer: string, value: Json): void {
  if (typeof value !== 'string')
    report.add('wrongType', pointer, `Expected a string, found ${typeName(value)}`);
  else if (value === '') report.add('emptyValue', pointer, 'Label cannot be empty');
  else if (characterCount(value) > LABEL_CHARACTERS_MAX) {
    report.add('nameTooLong', pointer, `Label cannot exceed ${LABEL_CHARACTERS_MAX} characters`);
  } else if (LABEL_FORBIDDEN.test(value)) {
    report.add('badForm', pointer, 'Label contains invalid characters');
  }
}

/** What the fields of a Map say about each other. */
export function checkMapState({ report, pointer, holder }: Scope): void {
  const processor = getOwn(holder, 'ItemProcessor') ?? getOwn(holder, 'Iterator');
  const config = isObject(processor) ? getOwn(processor, 'ProcessorConfig') : undefined;
  const isDistributed = isObject(config) && getOwn(config, 'Mode') === 'DISTRIBUTED';
  if (isDistributed && report.type === 'EXPRESS') {
    report.add(
      'expressPattern',
      pointer,
      'Express state machine does not support a Map state in DISTRIBUTED mode',
    );
  }
  if (isDistributed) return;
  const concurrency = getOwn(holder, 'MaxConcurrency');
  if (typeof concurrency === 'number' && concurrency > INLINE_CONCURRENCY_MAX) {
    const at = appendPointer(pointer, 'MaxConcurrency');
    report.add(
      'inlineConcurrency',
      at,
      `An inline Map runs at most ${INLINE_CONCURRENCY_MAX} iterations at once`,
    );
  }
}
