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
import { addUnsupported, checkHolder, objectScope } from './holder.ts';
import { characterCount, wrongType } from './scope.ts';
import type { MachineType, Scope } from './scope.ts';

/** Iterations of an inline Map that run at once at most (developer guide, "Using Map state in Inline mode"). */
export const INLINE_CONCURRENCY_MAX = 40;

/** What the Label of a Distributed Map must not contain: white space, brackets, wildcards, special and control characters. */
const LABEL_FORBIDDEN = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u;

const READERS = /^arn:[^:]+:states:::s3:(?:getObject|listObjectsV2)$|\$\{/u;

export function checkItemReader(scope: Scope, pointer: string, value: Json): void {
  const reader = objectScope(scope, pointer, value, 'an ItemReader');
  if (reader === undefined) return;
  checkHolder(reader, ITEM_READER_FIELDS, { object: checkReaderConfig });
  const resource = getOwn(reader.holder, 'Resource');
  if (typeof resource === 'string' && !READERS.test(resource)) {
    const message = "The field 'Resource' does not match any of the allowed values";
    scope.report.add('wrongValue', appendPointer(pointer, 'Resource'), message);
  }
}

/** What a file's type needs; the headers of a CSV file are those of its first row or given. */
function checkReaderConfig(scope: Scope, pointer: string, value: Json): void {
  const config = objectScope(scope, pointer, value, 'a ReaderConfig');
  if (config === undefined) return;
  const { report, holder } = config;
  checkHolder(config, READER_CONFIG_FIELDS, {}, READER_CONFIG_EXCLUSIONS);
  const type = getOwn(holder, 'InputType');
  const location = getOwn(holder, 'CSVHeaderLocation');
  if (type === 'CSV' && location === undefined) {
    report.add('missingField', pointer, "The field 'CSVHeaderLocation' is required");
  }
  if (type === 'JSON' && location !== undefined) addUnsupported(config, 'CSVHeaderLocation', []);
  if (location === 'GIVEN' && !Object.hasOwn(holder, 'CSVHeaders')) {
    report.add('missingField', pointer, 'These fields are required: [CSVHeaders]');
  }
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

/** `labels`: those seen so far in the machine. */
export function checkLabel(scope: Scope, pointer: string, value: Json, labels: Set<string>): void {
  const { report } = scope;
  if (typeof value !== 'string') {
    wrongType(scope, pointer, 'String', value);
    return;
  }
  const error = labelError(value);
  if (error !== undefined) report.add('badLabel', pointer, `Invalid Label name: ${error}`);
  if (labels.has(value)) report.add('duplicateLabel', pointer, `Duplicate Label name: ${value}`);
  labels.add(value);
}

function labelError(label: string): string | undefined {
  if (label === '') return 'it is empty';
  if (characterCount(label) > LABEL_CHARACTERS_MAX) {
    return `${label} exceeds the ${LABEL_CHARACTERS_MAX}-character limit allowed by the service`;
  }
  return LABEL_FORBIDDEN.test(label) ? `${label} contains invalid characters` : undefined;
}

/** What the fields of a Map say about each other. */
export function checkMapState({ report, pointer, holder }: Scope, runAs: MachineType): void {
  const field = Object.hasOwn(holder, 'ItemProcessor') ? 'ItemProcessor' : 'Iterator';
  const processor = getOwn(holder, field);
  const config = isObject(processor) ? getOwn(processor, 'ProcessorConfig') : undefined;
  const isDistributed = isObject(config) && getOwn(config, 'Mode') === 'DISTRIBUTED';
  if (isDistributed && runAs === 'EXPRESS') {
    report.add(
      'expressPattern',
      `${pointer}/${field}/ProcessorConfig/Mode`,
      "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines",
    );
  }
  if (isDistributed) return;
  const concurrency = getOwn(holder, 'MaxConcurrency');
  if (typeof concurrency === 'number' && concurrency > INLINE_CONCURRENCY_MAX) {
    const at = appendPointer(pointer, 'MaxConcurrency');
    const message = `An inline Map runs at most ${INLINE_CONCURRENCY_MAX} iterations at once`;
    report.add('inlineConcurrency', at, message);
  }
}
