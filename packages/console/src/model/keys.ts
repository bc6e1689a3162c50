const TYPING = new Set(['INPUT', 'TEXTAREA', 'SELECT']);

/** Whether an event's way leads through something that takes text, or a dialog, where single keys mean themselves. */
export function isTyping(path: readonly unknown[]): boolean {
  return path.some((target) => {
    const { tagName, isContentEditable, role } = target as Partial<HTMLElement>;
    return TYPING.has(tagName ?? '') || isContentEditable === true || role === 'dialog' || role === 'slider';
  });
}

/** Whether the keys pressed last are those of a shortcut like `g m`. */
export function matchKeys(keys: string, pressed: readonly string[]): boolean {
  const wanted = keys.split(' ');
  return wanted.every((key, index) => pressed.at(index - wanted.length) === key);
}
