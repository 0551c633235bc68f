import type { StatusWord } from '../api/answers.ts';
import { statusLooks } from './status-word.ts';
import './status-mark.css';

/** A status as shape, colour and word. */
export function StatusMark({ status, bare = false }: { readonly status: StatusWord; readonly bare?: boolean }) {
  const { tone, about } = statusLooks[status];
  return (
    <span className={`status tone-${tone}`} title={about}>
      <StatusShape status={status} />
      <span className={bare ? 'hidden-visually' : ''}>{status}</span>
    </span>
  );
}

export function StatusShape({ status }: { readonly status: StatusWord }) {
  const { shape, filled } = statusLooks[status];
  return (
    <svg
      aria-hidden="true"
      width="12"
      height="12"
      viewBox="0 0 12 12"
      fill={filled === true ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={shape} />
    </svg>
  );
}
