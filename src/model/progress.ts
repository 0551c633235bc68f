/**
 * What the engine is at, as a closed list of codes: every face words them in its own way, or hands them on as they are. Some are told
 * once, some again and again as they come along.
 */
export const phases = {
  discover: 'components of one layout are looked for; `about` is the layout',
  claim: 'what components provide and need is read, so many of them',
  resolve: 'who provides what others need is found out',
  publish: 'a version of the graph is stored',
  fetch: 'something is brought from elsewhere; `about` is its address',
  judge: 'components are judged one by one: statuses, configs',
  replay: 'commits of the past are gone through one by one',
  run: 'Terraform runs; `about` is what came to its end last',
  apply: 'a change is applied; `about` is the step that begins: commit, configs, deploy, graph',
} as const;

export type Phase = keyof typeof phases;

/** How far a phase has come. */
export interface PhaseProgress {
  readonly kind: 'phase';
  readonly phase: Phase;
  readonly about?: string;
  readonly done: number;
  /** 0: nobody knows yet. */
  readonly total: number;
}

/** What the engine says while it works. It never prints. */
export type Said = PhaseProgress | { readonly kind: 'note'; readonly text: string };

export type Report = (said: Said) => void;

/** The same as whoever asked hears it: each with a number, which only grows. */
export type Progress = Said & { readonly number: number };
