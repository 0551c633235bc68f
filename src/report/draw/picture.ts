/**
 * What is to be drawn, before anybody decides how: boxes, links and an honest line about what is not shown. SVG, DOT,
 * Mermaid and the placed picture of the API are written from it, so that they show the same.
 */
export interface Picture {
  readonly title: string;
  /** A sentence for those who do not see the picture. */
  readonly description: string;
  /** Sorted by band, then by id. */
  readonly boxes: readonly Box[];
  /** Sorted by from, then by to; both are places in `boxes`. */
  readonly links: readonly Link[];
  /** How it is grouped: an attribute, `folder`, `folders:3`, or `none`. Asked for so it groups the same. */
  readonly by: string;
  /** Groups that are open, by id: their members stand in the picture one by one. */
  readonly open: readonly OpenGroup[];
  readonly left: Left;
  /** What the picture leaves out, in words; empty when it shows everything. */
  readonly hidden: readonly string[];
  /** What stands below it: counts. */
  readonly caption: string;
}

/** What of the graph is not in the picture, counted. */
export interface Left {
  /** Neither a box nor in one. */
  readonly components: number;
  /** With an end that is not in the picture. */
  readonly references: number;
  /** Between components of one box. */
  readonly within: number;
}

export interface OpenGroup {
  readonly id: string;
  readonly name: string;
  readonly band: string;
  readonly count: number;
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
  /** The open group that it is a member of; `''` for none. */
  readonly group: string;
  /** How many components it stands for. */
  readonly count: number;
  /** The nodes it stands for, in order of id. */
  readonly members: readonly number[];
  readonly mark: Mark | undefined;
  /** Members by mark, where any has one. */
  readonly marks: Readonly<Partial<Record<Mark, number>>>;
  /** Components beyond the picture that it depends on, and that use it. */
  readonly hidden: { readonly dependsOn: number; readonly usedBy: number };
  /** Members of whom not all could be read: they may depend on more than is drawn. */
  readonly unproved: number;
  /** Members that were looked for. */
  readonly found: number;
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
  /** The outputs that are consumed along it. Sorted. */
  readonly consumes: readonly string[];
  /** `hint`: plausible, and nothing rests on it. */
  readonly strength: 'proven' | 'hint';
  /** Against what the picture is compared with: what all of its references are, `changed` where they differ. */
  readonly change: LinkChange | undefined;
}

export type LinkChange = 'added' | 'removed' | 'changed';

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
