/** What this browser remembers. Where it may not remember anything, things are as they are at first. */

const PREFIX = 'stepyard.';

export function readSetting(name: string): string | null {
  try {
    return window.localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function writeSetting(name: string, value: string): void {
  try {
    window.localStorage.setItem(PREFIX + name, value);
  } catch {
    // Full, or forbidden: it is only a convenience.
  }
}
