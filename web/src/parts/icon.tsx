/** Outlines on a 16 px grid. Whoever shows one says in words what it means. */
const outlines = {
  estate: 'M2.5 3h4v4h-4zM9.5 3h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z',
  components: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  graph:
    'M3.5 8h3c3 0 2-4.5 6-4.5M6.5 8c3 0 2 4.5 6 4.5M2 8a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M11.5 3.5a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M11.5 12.5a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0',
  changes: 'M8 2.5v11M3.5 6 8 2.5 12.5 6M4 13.5h8',
  change: 'M10.8 2.7l2.5 2.5-7.6 7.6-3.2.7.7-3.2zM9 4.5 11.5 7',
  compare: 'M6 3v10M10 3v10M3 6l3-3M13 10l-3 3',
  status: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11M5.6 8.2l1.7 1.7 3.1-3.5',
  findings: 'M8 2.5 14 13H2zM8 6.5v3M8 11.3v.2',
  runs: 'M5 3.2v9.6l7.5-4.8z',
  ledger: 'M4 2.5h8v11H4zM6.3 5.5h3.4M6.3 8h3.4M6.3 10.5h2',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9M10.4 10.4 13.5 13.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  done: 'M3 8.5 6.5 12 13 4.5',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 1 0 0-6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z',
  half: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11M8 2.5v11M8 5h3.8M8 8h5.5M8 11h3.8',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  why: 'M6 6.2a2 2 0 1 1 2.7 1.9c-.5.2-.7.6-.7 1.1v.3M8 11.6v.2M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11',
  save: 'M8 2.5v7.5M5 7l3 3 3-3M3 13h10',
  keys: 'M2 4.5h12v7H2zM4.5 7h.1M7 7h.1M9.5 7h.1M12 7h.1M5 9.3h6',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
} as const;

export type IconName = keyof typeof outlines;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={outlines[name]} />
    </svg>
  );
}
