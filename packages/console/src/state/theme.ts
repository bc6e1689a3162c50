import { createStore, useStore } from './store.ts';
import { readSetting, writeSetting } from './settings.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const choice = createStore<ThemeChoice>(asChoice(readSetting('theme')));
const isDark = createStore(false);

function asChoice(text: string | null): ThemeChoice {
  return text === 'light' || text === 'dark' ? text : 'system';
}

/** Puts the classes on the page that Cloudscape and our own styles go by; and follows the system from now on. */
export function startTheme(): void {
  const apply = (): void => {
    const now = choice.get() === 'system' ? dark.matches : choice.get() === 'dark';
    isDark.set(now);
    document.documentElement.classList.toggle('dark', now);
    document.body.classList.toggle('awsui-dark-mode', now);
    document.body.classList.add('awsui-compact-mode');
  };
  dark.addEventListener('change', apply);
  choice.subscribe(apply);
  apply();
}

export function useThemeChoice(): ThemeChoice {
  return useStore(choice);
}

export function chooseTheme(theme: ThemeChoice): void {
  writeSetting('theme', theme);
  choice.set(theme);
}
