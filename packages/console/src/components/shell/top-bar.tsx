import type { ReactNode } from 'react';
import { Link } from '../../router/link.tsx';
import { chooseTheme, useThemeChoice, type ThemeChoice } from '../../state/theme.ts';
import { useConnected } from '../../state/yard-clock.ts';
import { Icon, type IconName } from '../icon.tsx';
import { YardClock } from './yard-clock.tsx';

export interface TopBarProps {
  readonly isNavigationOpen: boolean;
  readonly onNavigation: () => void;
  readonly onHelp: () => void;
}

export function TopBar({ isNavigationOpen, onNavigation, onHelp }: TopBarProps): ReactNode {
  return (
    <header className="top">
      <button
        type="button"
        className="bare menu"
        aria-label="Navigation"
        aria-expanded={isNavigationOpen}
        aria-controls="navigation"
        onClick={onNavigation}
      >
        <Icon name="menu" />
      </button>
      <Link to="machines" className="brand">
        <Icon name="brand" />
        Stepyard
      </Link>
      <span className="grow" />
      <YardClock />
      <Connection />
      <ThemeSwitch />
      <button
        type="button"
        className="bare"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={onHelp}
      >
        <Icon name="keyboard" />
      </button>
    </header>
  );
}

function Connection(): ReactNode {
  const isConnected = useConnected();
  if (isConnected === undefined) return <span className="live" />;
  return (
    <span className={isConnected ? 'live on' : 'live off'} role="status">
      <span className="dot" aria-hidden="true" />
      {isConnected ? 'Live' : 'Not connected'}
    </span>
  );
}

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICONS: Readonly<Record<ThemeChoice, IconName>> = {
  system: 'contrast',
  light: 'sun',
  dark: 'moon',
};

function ThemeSwitch(): ReactNode {
  const theme = useThemeChoice();
  const label = `Colours: ${theme === 'system' ? 'as the system' : theme}`;
  return (
    <button
      type="button"
      className="bare"
      aria-label={label}
      title={label}
      onClick={() => chooseTheme(NEXT[theme])}
    >
      <Icon name={THEME_ICONS[theme]} />
    </button>
  );
}
