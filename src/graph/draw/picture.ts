/**
 * What is to be drawn, before anybody decides how: boxes, links and an honest line about what is not shown. SVG, DOT and
 * Mermaid are written from it, so that they show the same.
 */
export interface Picture {
  readonly title: string;
  /** A sentence for those who do not see the picture. */
  readonly description: string;
  /** Sorted by band, then by id. */
  readonly boxes: readonly Box[];
  /** Sorted by from, then by to; both are places in `boxes`. */
  readonly links: readonly Link[];
  /** What the picture leaves out, in words; empty when it shows everything. */
  readonly hidden: readonly string[];
  /** What stands below it: counts. */
  readonly caption: string;
}

export interface Box {
  readonly id: string;
  /** The name, in the middle. */
  readonly name: string;
  /** What kind it is, above the name. */
  readonly kind: string;
  /** What gives it its colour: the component type, `''` for a mixed group. */
  readonly family: string;
  readonly shape: 'component' | 'external' | 'parameter' | 'group';
  /** The lane it is drawn in: the environment. */
  readonly band: string;
  /** How many components it stands for. */
  readonly count: number;
  readonly mark: Mark | undefined;
}

export interface Link {
  readonly from: number;
  readonly to: number;
  /** How many references it stands for. */
  readonly count: number;
  /** Nothing is consumed, it only orders. */
  readonly orders: boolean;
  /** It runs within a cycle. */
  readonly cycle: boolean;
}

/** Why a box stands out. The strongest mark of a group's members is the group's. */
export type Mark = 'start' | 'removed' | 'added' | 'changed' | 'affected' | 'possible';

/** Strongest first. */
export const marks: readonly Mark[] = ['start', 'removed', 'added', 'changed', 'affected', 'possible'];

export const markWords: Readonly<Record<Mark, string>> = {
  start: 'the change starts here',
  removed: 'removed',
  added: 'added',
  changed: 'changed',
  affected: 'affected',
  possible: 'possibly affected',
};
