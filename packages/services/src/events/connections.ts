import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Json, JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import {
  authorizationHeaders,
  httpParameters,
  requestToken,
  type AccessToken,
  type ConnectionParameters,
} from '../http/authorize.ts';
import { taskError } from '../http/parts.ts';
import { asText } from '../member.ts';
import { apiError, PARTITION, REGION, type HostedService } from '../service.ts';
import { JsonFile } from '../store/json-file.ts';
import type { Operations } from '../wire/json-service.ts';
import { SERVICE } from './bus.ts';
import { authTypeOf, maskedParameters, mergeParameters, readParameters } from './connection-parameters.ts';

const CONNECTIONS_MAX = 3000;
const NAME = /^[.\-_A-Za-z0-9]{1,64}$/u;
const PAGE_MAX = 100;

interface Connection {
  readonly name: string;
  readonly arn: string;
  /** Of the secret in Secrets Manager that holds the authorization parameters; undefined once deauthorized. */
  readonly secretArn: string | undefined;
  readonly authorizationType: string;
  readonly description: string | undefined;
  /** Epoch seconds. */
  readonly created: number;
  readonly modified: number;
}

/**
 * EventBridge connections. What authorizes is kept in Secrets Manager as the secret `events!connection/<name>/<uuid>`, as on AWS; the
 * rest in `<dataDir>/events/connections.json`. Descriptions never hold a secret.
 */
export class Connections {
  readonly #account: string;
  readonly #secrets: Pick<HostedService, 'call'>;
  readonly #connections: Map<string, Connection>;
  readonly #file: JsonFile<readonly Connection[]>;
  /** By ARN. */
  readonly #tokens = new Map<string, AccessToken>();

  constructor(dataDir: string | undefined, account: string, secrets: Pick<HostedService, 'call'>) {
    this.#account = account;
    this.#secrets = secrets;
    this.#file = new JsonFile(
      dataDir === undefined ? undefined : join(dataDir, 'events', 'connections.json'),
    );
    this.#connections = new Map(this.#file.read([]).map((connection) => [connection.name, connection]));
  }

  operations(): Operations {
    return {
      CreateConnection: (input) => this.#create(input),
      UpdateConnection: (input) => this.#update(input),
      DeauthorizeConnection: (input) => this.#deauthorize(input),
      DeleteConnection: (input) => this.#delete(input),
      DescribeConnection: (input) => this.#describe(input),
      ListConnections: (input) => this.#list(input),
    };
  }

  /**
   * What the connection adds to a request, with a valid token where it needs one. Rejects with a ServiceError whose code is the error
   * that a state sees: `Events.ConnectionResource.ResourceNotFound`.
   */
  async authorize(arn: string, signal: AbortSignal | undefined): Promise<ConnectionParameters> {
    const connection = [...this.#connections.values()].find((item) => item.arn === arn);
    if (connection === undefined) {
      throw taskError('Events.ConnectionResource.ResourceNotFound', `Connection ${arn} does not exist.`);
    }
    if (connection.secretArn === undefined) {
      throw taskError(
        'Events.ConnectionResource.InvalidConnectionState',
        `Connection ${arn} is not authorized.`,
      );
    }
    const parameters = await this.#read(connection.secretArn);
    const { headers, query, body } = httpParameters(parameters['InvocationHttpParameters']);
    const authorization = await authorizationHeaders(parameters, (oauth) => this.#token(arn, oauth, signal));
    return { headers: new Map([...headers, ...authorization]), query, body };
  }

  /** Gives up the connection's token. False where there is none to give up. */
  forget(arn: string): boolean {
    return this.#tokens.delete(arn);
  }

  async #token(arn: string, oauth: JsonObject, signal: AbortSignal | undefined): Promise<string> {
    const known = this.#tokens.get(arn);
    if (known !== undefined && known.endsMs > Date.now()) return known.value;
    const token = await requestToken(oauth, signal);
    this.#tokens.set(arn, token);
    return token.value;
  }

  async #read(secretArn: string): Promise<JsonObject> {
    try {
      const { output } = await this.#secrets.call('GetSecretValue', { SecretId: secretArn });
      return JSON.parse(asText(output['SecretString'])) as JsonObject;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw taskError(
        'Events.ConnectionResource.InvalidConnectionState',
        'The secret of the connection is gone.',
      );
    }
  }

  async #create(input: JsonObject): Promise<JsonObject> {
    const name = input['Name'];
    if (typeof name !== 'string' || !NAME.test(name)) throw invalid(`The name ${asText(name)} is not valid.`);
    if (this.#connections.has(name)) {
      throw apiError(SERVICE, 'ResourceAlreadyExistsException', `Connection ${name} already exists.`);
    }
    if (this.#connections.size >= CONNECTIONS_MAX) {
      throw apiError(SERVICE, 'LimitExceededException', `There are ${CONNECTIONS_MAX} connections already.`);
    }
    const parameters = readParameters('CreateConnection', input);
    const id = randomUUID();
    const { output } = await this.#secrets.call('CreateSecret', {
      Name: `events!connection/${name}/${id}`,
      SecretString: JSON.stringify(parameters),
    });
    const created = nowSeconds();
    return this.#put({
      name,
      arn: `arn:${PARTITION}:events:${REGION}:${this.#account}:connection/${name}/${id}`,
      secretArn: asText(output['ARN']),
      authorizationType: authTypeOf(parameters),
      description: optionalText(input['Description']),
      created,
      modified: created,
    });
  }

  async #update(input: JsonObject): Promise<JsonObject> {
    const connection = this.#get(input['Name']);
    const before = connection.secretArn === undefined ? {} : await this.#read(connection.secretArn);
    const parameters = mergeParameters(before, input);
    const SecretString = JSON.stringify(parameters);
    const { output } =
      connection.secretArn === undefined
        ? await this.#secrets.call('CreateSecret', {
            Name: `events!connection/${connection.name}/${randomUUID()}`,
            SecretString,
          })
        : await this.#secrets.call('PutSecretValue', { SecretId: connection.secretArn, SecretString });
    this.#tokens.delete(connection.arn);
    return this.#put({
      ...connection,
      secretArn: asText(output['ARN']),
      authorizationType: authTypeOf(parameters),
      description: optionalText(input['Description']) ?? connection.description,
      modified: nowSeconds(),
    });
  }

  async #deauthorize(input: JsonObject): Promise<JsonObject> {
    const connection = this.#get(input['Name']);
    await this.#deleteSecret(connection);
    return this.#put({ ...connection, secretArn: undefined, modified: nowSeconds() });
  }

  async #delete(input: JsonObject): Promise<JsonObject> {
    const connection = this.#get(input['Name']);
    await this.#deleteSecret(connection);
    this.#connections.delete(connection.name);
    this.#write();
    return { ...summary(connection), ConnectionState: 'DELETING' };
  }

  async #deleteSecret({ arn, secretArn }: Connection): Promise<void> {
    this.#tokens.delete(arn);
    if (secretArn === undefined) return;
    await this.#secrets.call('DeleteSecret', { SecretId: secretArn, ForceDeleteWithoutRecovery: true });
  }

  async #describe(input: JsonObject): Promise<JsonObject> {
    const connection = this.#get(input['Name']);
    const { name, secretArn, description } = connection;
    const parameters = secretArn === undefined ? {} : maskedParameters(await this.#read(secretArn));
    return {
      Name: name,
      ...summary(connection),
      ...(secretArn === undefined ? {} : { SecretArn: secretArn, AuthParameters: parameters }),
      ...(description === undefined ? {} : { Description: description }),
      AuthorizationType: connection.authorizationType,
    };
  }

  #list(input: JsonObject): JsonObject {
    const prefix = asText(input['NamePrefix']);
    const state = input['ConnectionState'];
    const after = Buffer.from(asText(input['NextToken']), 'base64url').toString();
    const limit = Math.min(typeof input['Limit'] === 'number' ? input['Limit'] : PAGE_MAX, PAGE_MAX);
    const found = [...this.#connections.values()]
      .filter((item) => item.name.startsWith(prefix) && item.name > after)
      .filter((item) => state === undefined || stateOf(item) === state)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const page = found.slice(0, limit);
    const last = page.at(-1)?.name;
    return {
      Connections: page.map((item) => ({
        Name: item.name,
        ...summary(item),
        AuthorizationType: item.authorizationType,
      })),
      ...(found.length > limit && last !== undefined
        ? { NextToken: Buffer.from(last).toString('base64url') }
        : {}),
    };
  }

  #get(name: Json | undefined): Connection {
    const found = this.#connections.get(asText(name));
    if (found !== undefined) return found;
    throw apiError(
      SERVICE,
      'ResourceNotFoundException',
      `Failed to describe the connection(s). Connection '${asText(name)}' does not exist.`,
    );
  }

  #put(connection: Connection): JsonObject {
    this.#connections.set(connection.name, connection);
    this.#write();
    return summary(connection);
  }

  #write(): void {
    this.#file.write([...this.#connections.values()]);
  }
}

function stateOf({ secretArn }: Connection): string {
  return secretArn === undefined ? 'DEAUTHORIZED' : 'AUTHORIZED';
}

function summary(connection: Connection): JsonObject {
  const { arn, created, modified } = connection;
  return {
    ConnectionArn: arn,
    ConnectionState: stateOf(connection),
    CreationTime: created,
    LastModifiedTime: modified,
    ...(connection.secretArn === undefined ? {} : { LastAuthorizedTime: modified }),
  };
}

function optionalText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function invalid(message: string): Error {
  return apiError(SERVICE, 'ValidationException', message);
}
