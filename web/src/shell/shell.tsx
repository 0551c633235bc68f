import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import { chooseTheme, nextTheme, useTheme } from '../theme/theme.ts';
import { AsOf, useNeighbours } from './as-of.tsx';
import { EstateName } from './estate-name.tsx';
import { KeySheet } from './key-sheet.tsx';
import { useKeys } from './keys.ts';
import { Palette } from './palette.tsx';
import { places } from './places.ts';
import { StatusLine } from './status-line.tsx';
import { usePaletteKey } from './use-palette-key.ts';
import './shell.css';

/** What is around every page: where one is, as of when, how to find anything, and what the page rests on. */
export function Shell() {
  const [open, setOpen] = useState<'palette' | 'keys'>();
  const navigate = useNavigate();
  const theme = useTheme();
  const { older, newer } = useNeighbours();
  const find = (): void => setOpen('palette');
  usePaletteKey(find);
  useKeys({
    '/': find,
    '?': () => setOpen('keys'),
    t: () => chooseTheme(nextTheme(theme)),
    '[': older,
    ']': newer,
    ...Object.fromEntries(
      places.map(({ to, key }) => [
        `g ${key}`,
        () => void navigate({ to, search: ({ at }: { at?: string | undefined }) => ({ at }) }),
      ]),
    ),
  });
  const close = (): void => setOpen(undefined);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <Rail />
      <header className="top">
        <EstateName />
        <AsOf />
        <button type="button" className="find" onClick={find}>
          <Icon name="search" size={14} />
          <span className="find-text">Find or select …</span>
          <kbd>⌘K</kbd>
        </button>
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={`Colours: ${theme}. Switch`}
          title={`Colours: ${theme}`}
          onClick={() => chooseTheme(nextTheme(theme))}
        >
          <Icon name={theme === 'light' ? 'sun' : theme === 'dark' ? 'moon' : 'half'} />
        </button>
        <button
          type="button"
          className="button quiet icon-only keys-button"
          aria-label="Show the keyboard"
          title="Keyboard (?)"
          onClick={() => setOpen('keys')}
        >
          <Icon name="keys" />
        </button>
      </header>
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
      <StatusLine />
      {open === 'palette' && <Palette onClose={close} onKeys={() => setOpen('keys')} />}
      {open === 'keys' && <KeySheet onClose={close} />}
    </div>
  );
}

function Rail() {
  return (
    <nav className="rail" aria-label="Pages">
      <Link to="/" search={({ at }) => ({ at })} className="logo" aria-label="Karma, to the estate">
        <Logo />
        <span className="rail-word">Karma</span>
      </Link>
      <ul>
        {places.map(({ to, name, icon, key }) => (
          <li key={to}>
            <Link
              to={to}
              search={({ at }: { at?: string | undefined }) => ({ at })}
              className="rail-link"
              activeOptions={{ exact: to === '/', includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
              title={`${name} (g ${key})`}
            >
              <Icon name={icon} />
              <span className="rail-word">{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Logo() {
  return (
    <svg aria-hidden="true" width="20" height="20" viewBox="0 0 32 32">
      <rect width="32" height="32" rx="8" fill="#4f5bd5" />
      <g fill="none" stroke="#fff" strokeWidth="2.4">
        <path d="M11 16h4c4 0 2-7 6-7M15 16c4 0 2 7 6 7" />
      </g>
      <g fill="#fff">
        <circle cx="9" cy="16" r="3.4" />
        <circle cx="23" cy="9" r="3.4" />
        <circle cx="23" cy="23" r="3.4" />
      </g>
    </svg>
  );
}
