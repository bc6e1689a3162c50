import Modal from '@cloudscape-design/components/modal';
import type { ReactNode } from 'react';
import { useShortcuts } from '../../state/shortcuts.ts';

/** The shortcuts that work where the user is. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  const shortcuts = useShortcuts();
  return (
    <Modal visible header="Keyboard shortcuts" closeAriaLabel="Close" onDismiss={onClose}>
      <dl className="shortcuts">
        {shortcuts.map(({ keys, description }) => (
          <div key={`${keys} ${description}`}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{SPELLED[key] ?? key}</kbd>
              ))}
            </dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

const SPELLED: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  ' ': 'Space',
};
