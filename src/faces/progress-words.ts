import type { Phase, PhaseProgress } from '../model/progress.ts';

const words: Readonly<Record<Phase, (about: string) => string>> = {
  discover: (layout) => `reading ${layout} components`,
  claim: () => 'reading',
  resolve: () => 'resolving references',
  publish: () => 'publishing the graph',
  fetch: (address) => `fetching ${address}`,
  judge: () => 'judging',
  replay: (commit) => `replaying ${commit.slice(0, 12)}`,
  run: (about) => `${about} came to its end`,
  apply: (step) => `applying the change: ${step}`,
};

/** A phase as a person reads it. */
export function progressWords({ phase, about = '' }: Pick<PhaseProgress, 'phase' | 'about'>): string {
  return words[phase](about);
}
