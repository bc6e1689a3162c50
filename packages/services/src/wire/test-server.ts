import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostedService } from '../service.ts';

/** For tests: serves one hosted service on a loopback port, as the gateway does behind its routing. */
export async function serve(service: HostedService): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void service.handle?.(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Client options that every SDK client in a test needs. */
export function clientOptions(origin: string): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
} {
  return {
    endpoint: origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
}

interface Recorded {
  readonly middlewareStack: {
    add(
      middleware: (next: never, context: { commandName?: string }) => never,
      options: { step: 'initialize' },
    ): void;
  };
}

/** For tests: the operations that a client sends from now on, to compare with what a service says it can do. */
export function recordOperations(client: object): ReadonlySet<string> {
  const called = new Set<string>();
  (client as Recorded).middlewareStack.add(
    (next, context) => {
      called.add((context.commandName ?? '').replace(/Command$/u, ''));
      return next;
    },
    { step: 'initialize' },
  );
  return called;
}
