import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState, type ReactNode } from 'react';
import { attempt } from '../state/flashes.ts';

export interface DialogProps {
  readonly title: string;
  /** What the button says: `Start the execution`. */
  readonly action: string;
  readonly size?: 'medium' | 'large';
  /** Why it cannot be done yet; undefined when it can. */
  readonly obstacle?: string | undefined;
  /** What the button does. When it fails, that is shown and the dialog stays. */
  readonly onAction: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something to fill in and to do. */
export function Dialog({
  title,
  action,
  size = 'medium',
  obstacle,
  onAction,
  onClose,
  children,
}: DialogProps): ReactNode {
  const [isBusy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    const isDone = await attempt(onAction);
    setBusy(false);
    if (isDone) onClose();
  };
  return (
    <Modal
      visible
      header={title}
      size={size}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <div className="dialog-foot">
          {obstacle !== undefined && <span className="faint">{obstacle}</span>}
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button
              variant="primary"
              disabled={obstacle !== undefined}
              loading={isBusy}
              onClick={() => void act()}
            >
              {action}
            </Button>
          </SpaceBetween>
        </div>
      }
    >
      <div className="dialog-body">
        <SpaceBetween size="m">{children}</SpaceBetween>
      </div>
    </Modal>
  );
}
