import Flashbar from '@cloudscape-design/components/flashbar';
import type { ReactNode } from 'react';
import { dismiss, useFlashes } from '../../state/flashes.ts';

/** Messages about what the user did, and what went wrong. */
export function Flashes(): ReactNode {
  const flashes = useFlashes();
  return (
    <div className="flashes">
      <Flashbar
        items={flashes.map(({ id, type, header, message }) => ({
          id: String(id),
          type,
          content: message,
          ...(header === undefined ? {} : { header }),
          dismissible: true,
          dismissLabel: 'Dismiss',
          onDismiss: () => dismiss(id),
        }))}
      />
    </div>
  );
}
