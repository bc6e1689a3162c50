import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { navigate, useLocation } from '../../router/location.ts';
import { useShortcut } from '../../state/shortcuts.ts';
import { SECTIONS, type Section } from '../../pages/pages.tsx';
import { Offline } from './offline.tsx';
import { SideNavigation } from './side-navigation.tsx';
import { TopBar } from './top-bar.tsx';
import { useFlashes } from '../../state/flashes.ts';
import './shell.css';

// What the first paint does not need comes when it is needed.
const Flashes = lazy(async () => ({ default: (await import('./flashes.tsx')).Flashes }));
const ShortcutHelp = lazy(async () => ({ default: (await import('./shortcut-help.tsx')).ShortcutHelp }));

export interface ShellProps {
  /** Path of the section that the page belongs to. */
  readonly current: string | undefined;
  readonly children: ReactNode;
}

/** The frame of every page: bar at the top, navigation at the side (a drawer where it is narrow), messages. */
export function Shell({ current, children }: ShellProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { path } = useLocation();
  const hasFlashes = useFlashes().length > 0;
  useEffect(() => setOpen(false), [path]);
  useShortcut('?', 'Show the keyboard shortcuts', () => setHelpOpen(true));
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <TopBar
        isNavigationOpen={isOpen}
        onNavigation={() => setOpen(!isOpen)}
        onHelp={() => setHelpOpen(true)}
      />
      <SideNavigation isOpen={isOpen} current={current} onClose={() => setOpen(false)} />
      <main id="content" tabIndex={-1}>
        <Suspense>{hasFlashes && <Flashes />}</Suspense>
        {children}
      </main>
      <Offline />
      <Suspense>{isHelpOpen && <ShortcutHelp onClose={() => setHelpOpen(false)} />}</Suspense>
      {SECTIONS.map((section) => (
        <SectionShortcut key={section.path} section={section} />
      ))}
    </div>
  );
}

function SectionShortcut({ section }: { readonly section: Section }): ReactNode {
  useShortcut(section.keys, `Go to ${section.label}`, () => navigate(section.path));
  return null;
}
