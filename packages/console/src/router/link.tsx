import type { MouseEvent, ReactNode } from 'react';
import { href, navigate } from './location.ts';

export interface LinkProps {
  /** A place below `/_stepyard/`: see `to` of model/paths.ts. */
  readonly to: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly title?: string;
  readonly current?: boolean;
}

/** A link to another page of the console. New tabs, middle clicks and copying of its address work as with any link. */
export function Link({ to, children, className, title, current }: LinkProps): ReactNode {
  return (
    <a
      href={href(to)}
      className={className}
      title={title}
      aria-current={current === true ? 'page' : undefined}
      onClick={(event) => {
        if (followsByItself(event)) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
}

function followsByItself(event: MouseEvent): boolean {
  return (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  );
}
