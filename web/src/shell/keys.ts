import { useEffect, useRef } from 'react';
import { keepText, keptText } from '../theme/theme.ts';

const switchedOff = 'karma.single-keys-off';
let singleKeys = keptText(switchedOff) !== 'true';

/** Keys without a modifier can be switched off: who dictates would type them by speaking. */
export function chooseSingleKeys(on: boolean): void {
  singleKeys = on;
  keepText(switchedOff, on ? 'false' : 'true');
}

export function singleKeysAreOn(): boolean {
  return singleKeys;
}

/** Whether what is typed belongs to a field. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}

/**
 * Calls what a key stands for: `?`, `[`, or two of them one after the other, `g c`. Fields keep what is typed into them, and
 * while a dialog is open nothing behind it hears.
 * @param first a page whose keys mean something else there hears before the shell does
 */
export function useKeys(bindings: Readonly<Record<string, () => void>>, first = false): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    let before = '';
    let forget: ReturnType<typeof setTimeout> | undefined;
    const hear = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!singleKeys || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      const called =
        latest.current[`${before} ${event.key}`] ?? (before === '' ? latest.current[event.key] : undefined);
      clearTimeout(forget);
      if (called !== undefined) {
        before = '';
        event.preventDefault();
        called();
        return;
      }
      before = Object.keys(latest.current).some((keys) => keys.startsWith(`${event.key} `)) ? event.key : '';
      forget = setTimeout(() => {
        before = '';
      }, 1200);
    };
    addEventListener('keydown', hear, first);
    return () => {
      clearTimeout(forget);
      removeEventListener('keydown', hear, first);
    };
  }, [first]);
}
