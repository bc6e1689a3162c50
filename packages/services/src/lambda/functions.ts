import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@stepyard/asl';
import { ACCOUNT_ID, apiError, refuseFeature, type LogSink } from '../service.ts';
import { JsonFile } from '../store/json-file.ts';
import { prepareCode, type CodeSource, type PreparedCode } from './code.ts';
import { checkFunction, functionArn, parseFunctionName, type FunctionConfiguration } from './function.ts';
import { Pool } from './pool.ts';

/** A function as it is kept, besides its processes. */
export interface FunctionRecord {
  readonly configuration: FunctionConfiguration;
  readonly codeBytes: number;
  /** SHA-256 of the package in base64. */
  readonly codeSha256: string;
  /** `2026-01-01T00:00:00.000+0000`. */
  readonly lastModified: string;
  readonly revisionId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Statements of the resource policy, as AddPermission made them: they are shown, not enforced. */
  readonly statements: readonly JsonObject[];
}

export interface RegisteredFunction {
  readonly arn: string;
  readonly record: FunctionRecord;
  readonly pool: Pool;
}

/** A function to create, or to replace under its name. */
export interface FunctionDefinition extends Omit<FunctionConfiguration, 'codeDirectory'> {
  readonly code: CodeSource;
}

export interface FunctionsOptions {
  /** Unpacked code and the list of functions are kept under `<dataDir>/lambda`; else the code under the system's temporary directory. */
  readonly dataDir: string | undefined;
  /** Endpoint of every AWS client in a function: asked for when a process starts. */
  readonly gatewayOrigin: () => string;
  readonly log: LogSink;
  /** The main account unless given. */
  readonly account?: string;
}

/** Installed beside this package, and in the user's own project. */
const SDK_ROOTS = [dirname(fileURLToPath(import.meta.url)), process.cwd()];

/** The functions, by name, each with the pool of its processes. */
export class Functions {
  readonly account: string;
  readonly #options: FunctionsOptions;
  readonly #codeRoot: string;
  readonly #functions = new Map<string, RegisteredFunction>();
  readonly #file: JsonFile<readonly FunctionRecord[]>;

  constructor(options: FunctionsOptions) {
    const { dataDir } = options;
    this.account = options.account ?? ACCOUNT_ID;
    this.#options = options;
    this.#codeRoot = join(dataDir ?? join(tmpdir(), `stepyard-${process.pid}`), 'lambda');
    this.#file = new JsonFile(dataDir === undefined ? undefined : join(this.#codeRoot, 'functions.json'));
    for (const record of this.#file.read([])) {
      // Code that was used where it lay may be gone; whoever deployed the function does so again.
      if (existsSync(record.configuration.codeDirectory)) this.#register(record);
    }
  }

  /**
   * A function by its name or ARN. Throws ResourceNotFoundException; refuses versions and aliases by name, `$LATEST` is the function
   * itself.
   */
  get(name: string, operation: string, qualifier?: string): RegisteredFunction {
    const { name: bare, qualifier: suffix } = parseFunctionName(name);
    const version = qualifier ?? suffix;
    if (version !== undefined && version !== '$LATEST')
      throw refuseFeature('lambda', operation, `versions and aliases (${version})`);
    const found = this.#functions.get(bare);
    if (found !== undefined) return found;
    // Invoke names the version that it looked for (recording error_handling/task-service-lambda--no-such-function).
    const arn = `${functionArn(this.account, bare)}${operation === 'Invoke' ? ':$LATEST' : ''}`;
    throw apiError('lambda', 'ResourceNotFoundException', `Function not found: ${arn}`, 404);
  }

  find(name: string): RegisteredFunction | undefined {
    return this.#functions.get(parseFunctionName(name).name);
  }

  list(): readonly RegisteredFunction[] {
    return [...this.#functions.values()];
  }

  /** Creates or replaces: running invocations end on the old code. Rejects with ServiceError. */
  async put(
    definition: FunctionDefinition,
    tags: Readonly<Record<string, string>> = {},
  ): Promise<RegisteredFunction> {
    const { code, ...settings } = definition;
    checkFunction({ ...settings, codeDirectory: '' });
    const prepared = await prepareCode(code, settings.runtime, this.#codeRoot);
    const before = this.#functions.get(settings.functionName)?.record;
    return this.#change({
      ...changed(prepared),
      configuration: { ...settings, codeDirectory: prepared.directory },
      tags: { ...before?.tags, ...tags },
      statements: before?.statements ?? [],
    });
  }

  async updateCode({ record }: RegisteredFunction, code: CodeSource): Promise<RegisteredFunction> {
    const prepared = await prepareCode(code, record.configuration.runtime, this.#codeRoot);
    const configuration = { ...record.configuration, codeDirectory: prepared.directory };
    return this.#change({ ...record, ...changed(prepared), configuration });
  }

  updateConfiguration(
    { record }: RegisteredFunction,
    members: Partial<FunctionConfiguration>,
  ): RegisteredFunction {
    const configuration = { ...record.configuration, ...members };
    checkFunction(configuration);
    return this.#change({ ...record, ...modified(), configuration });
  }

  /** Changes what its processes need not know of: tags, the policy. */
  annotate(
    { arn, record, pool }: RegisteredFunction,
    members: Partial<Pick<FunctionRecord, 'tags' | 'statements'>>,
  ): void {
    const next = { ...record, ...members };
    this.#functions.set(record.configuration.functionName, { arn, record: next, pool });
    this.#write();
  }

  delete({ record, pool }: RegisteredFunction): void {
    pool.retire();
    this.#functions.delete(record.configuration.functionName);
    this.#write();
  }

  close(): void {
    for (const { pool } of this.#functions.values()) pool.close();
    this.#functions.clear();
  }

  #change(record: FunctionRecord): RegisteredFunction {
    this.#functions.get(record.configuration.functionName)?.pool.retire();
    const registered = this.#register(record);
    this.#write();
    return registered;
  }

  #register(record: FunctionRecord): RegisteredFunction {
    const arn = functionArn(this.account, record.configuration.functionName);
    const environment = {
      functionArn: arn,
      // The caller of what the function calls: its own account.
      accessKeyId: this.account === ACCOUNT_ID ? 'test' : this.account,
      endpoint: this.#options.gatewayOrigin,
      sdkRoots: SDK_ROOTS,
    };
    const registered = { arn, record, pool: new Pool(record.configuration, environment, this.#options.log) };
    this.#functions.set(record.configuration.functionName, registered);
    return registered;
  }

  #write(): void {
    this.#file.write(Array.from(this.#functions.values(), ({ record }) => record));
  }
}

function modified(): Pick<FunctionRecord, 'lastModified' | 'revisionId'> {
  return { lastModified: new Date().toISOString().replace('Z', '+0000'), revisionId: randomUUID() };
}

function changed({
  bytes,
  sha256,
}: PreparedCode): Omit<FunctionRecord, 'configuration' | 'tags' | 'statements'> {
  return { ...modified(), codeBytes: bytes, codeSha256: sha256 };
}
