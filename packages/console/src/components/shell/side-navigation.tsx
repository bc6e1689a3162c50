import { useEffect, type ReactNode } from 'react';
import { SECTIONS } from '../../pages/pages.tsx';
import { Link } from '../../router/link.tsx';

export interface SideNavigationProps {
  /** Whether the drawer of a narrow window is out. */
  readonly isOpen: boolean;
  readonly current: string | undefined;
  readonly onClose: () => void;
}

export function SideNavigation({ isOpen, current, onClose }: SideNavigationProps): ReactNode {
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [isOpen, onClose]);
  const groups = [...new Set(SECTIONS.map(({ group }) => group))];
  return (
    <>
      {isOpen && <div className="scrim" onClick={onClose} aria-hidden="true" />}
      <nav id="navigation" className={isOpen ? 'side open' : 'side'} aria-label="Pages">
        {groups.map((group) => (
          <section key={group}>
            <h2>{group}</h2>
            <ul>
              {SECTIONS.filter((section) => section.group === group).map(({ path, label }) => (
                <li key={path}>
                  <Link to={path} current={path === current}>
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
    </>
  );
}
