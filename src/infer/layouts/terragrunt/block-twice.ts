import type { At, Block } from '../../../hcl/tree.ts';
import type { SourceFile } from './source-file.ts';

/** A block that stands a second time where Terragrunt takes one. */
export interface BlockTwice {
  /** `dependency.vpc`, `locals`. */
  readonly site: string;
  readonly at: At;
  readonly message: string;
}

/** Of these there is one in a file. */
const single: ReadonlySet<string> = new Set([
  'locals',
  'terraform',
  'remote_state',
  'dependencies',
  'catalog',
  'engine',
  'exclude',
  'errors',
]);

/** Of these there is one of each label; and what Terragrunt does where there are two. */
const labelled: Readonly<Record<'dependency' | 'include' | 'generate', (label: string) => string>> = {
  dependency: (label) => `two dependency blocks ${label}: Terragrunt waits for both and reads outputs of one of them`,
  include: (label) =>
    label === ''
      ? 'two include blocks without a label: Terragrunt refuses that'
      : `two include blocks ${label}: both are merged, and include.${label} is the last one`,
  generate: (label) => `two generate blocks ${label}: Terragrunt refuses that`,
};

const known = new WeakMap<SourceFile, readonly BlockTwice[]>();

/** What stands twice in a file, each once, in order. */
export function blocksTwice(file: SourceFile): readonly BlockTwice[] {
  const found = known.get(file) ?? [...twiceIn(file.body.blocks)];
  known.set(file, found);
  return found;
}

function* twiceIn(blocks: readonly Block[]): Generator<BlockTwice> {
  const seen = new Map<string, number>();
  for (const { type, labels, at } of blocks) {
    const label = labels[0] ?? '';
    const of = isLabelled(type) ? labelled[type] : undefined;
    if (of === undefined && !single.has(type)) continue;
    const site = of === undefined || label === '' ? type : `${type}.${label}`;
    const times = (seen.get(site) ?? 0) + 1;
    seen.set(site, times);
    if (times !== 2) continue;
    yield { site, at, message: of?.(label) ?? `two ${type} blocks in one file: Terragrunt refuses that` };
  }
}

function isLabelled(type: string): type is keyof typeof labelled {
  return Object.hasOwn(labelled, type);
}
