import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';
const order: readonly Theme[] = ['system', 'light', 'dark'];
const kept = 'karma.theme';
const listeners = new Set<() => void>();

function read(): Theme {
  const found = keptText(kept);
  return order.find((one) => one === found) ?? 'system';
}

/** What a browser that keeps nothing has kept is nothing. */
export function keptText(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keepText(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // A browser may refuse to keep anything; then the choice lasts as long as the page.
  }
}

let theme = read();

export function showTheme(next: Theme = theme): void {
  theme = next;
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
  for (const listener of listeners) listener();
}

export function chooseTheme(next: Theme): void {
  keepText(kept, next);
  showTheme(next);
}

export function nextTheme(now: Theme): Theme {
  return order[(order.indexOf(now) + 1) % order.length] ?? 'system';
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => theme,
  );
}

/** Whether it is dark now: chosen, or by a system that may change its mind at dusk. */
export function useIsDark(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const system = matchMedia('(prefers-color-scheme: dark)');
      listeners.add(listener);
      system.addEventListener('change', listener);
      return () => {
        listeners.delete(listener);
        system.removeEventListener('change', listener);
      };
    },
    () => theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches),
  );
}
