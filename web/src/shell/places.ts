import type { IconName } from '../parts/icon.tsx';

/** The pages that are always one step away, in the order of the rail. */
export const places = [
  { to: '/', name: 'Estate', icon: 'estate', key: 'e' },
  { to: '/components', name: 'Components', icon: 'components', key: 'c' },
  { to: '/graph', name: 'Graph', icon: 'graph', key: 'g' },
  { to: '/impact', name: 'Impact', icon: 'changes', key: 'i' },
  { to: '/changes', name: 'Changes', icon: 'change', key: 'h' },
  { to: '/compare', name: 'Compare', icon: 'compare', key: 'd' },
  { to: '/status', name: 'Status', icon: 'status', key: 's' },
  { to: '/findings', name: 'Findings', icon: 'findings', key: 'f' },
  { to: '/runs', name: 'Runs', icon: 'runs', key: 'r' },
  { to: '/ledger', name: 'Ledger', icon: 'ledger', key: 'l' },
] as const satisfies readonly {
  readonly to: string;
  readonly name: string;
  readonly icon: IconName;
  readonly key: string;
}[];
