import type { HostedService } from './service.ts';

/**
 * A service that is opened by its first call. What is behind some services takes longer to load than all the rest of an empty yard.
 * `operations`: those that it will have. `open` is asked once; one that fails is asked again by the next call.
 */
export function openLater(
  name: string,
  operations: Iterable<string>,
  open: () => Promise<HostedService>,
): HostedService & Required<Pick<HostedService, 'handle'>> {
  let opening: Promise<HostedService> | undefined;
  const opened = (): Promise<HostedService> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    name,
    operations: new Set(operations),
    call: async (...call) => (await opened()).call(...call),
    async handle(request, response) {
      const service = await opened();
      if (service.handle === undefined) throw new Error(`${name} has no wire protocol`);
      await service.handle(request, response);
    },
    async readObject(request) {
      const service = await opened();
      if (service.readObject === undefined) throw new Error(`${name} has no objects`);
      return await service.readObject(request);
    },
    async close() {
      const service = await opening?.catch(() => undefined);
      await service?.close();
    },
  };
}
