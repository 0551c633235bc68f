import { retainUnread } from '../infer/retain.ts';
import { buildView, type Recognised } from './build-view.ts';
import type { EngineContext } from './context.ts';
import { takeHistory } from './history.ts';
import { openEstate } from './open-estate.ts';
import type { Manifest } from './project.ts';
import { type Published, publish } from './publish.ts';

export interface BuildAnswer extends Omit<Published, 'delta'> {
  readonly label: string;
  readonly components: number;
  readonly references: number;
  readonly findings: number;
  readonly put: number;
  readonly removed: number;
  readonly manifest: Manifest;
  readonly recognised: readonly Recognised[];
}

/** Publishes a version from the followed ref: `--at`, else `follow:` in karma.yaml, else HEAD. Never from uncommitted files. */
export async function build(context: EngineContext, at?: string): Promise<BuildAnswer> {
  const head = await openEstate(context, { committed: true, ...(at === undefined ? {} : { at }) });
  const follow = at ?? head.karmaFile?.follow;
  const estate =
    follow === undefined || follow === at ? head : await openEstate(context, { committed: true, at: follow });
  await estate.observation.preload();
  const built = await buildView(estate.view, () => estate.findings(), context.report);
  const { label, position } = estate;
  await takeHistory(context, { ...built, kind: 'revision', label, position, built, readers: () => new Map(), estate });
  const manifest = estate.manifest(context.now());
  const missing = manifest.filter(({ read, source }) => !read && source !== '').map(({ source }) => source);
  const { delta, ...published } = await publish(
    context,
    (before) => retainUnread(before, built.rows, missing),
    manifest,
  );
  return {
    ...published,
    label: estate.label,
    components: built.graph.size,
    references: built.graph.edges,
    findings: built.graph.findings().length,
    put: delta.put.length,
    removed: delta.remove.length,
    manifest,
    recognised: built.recognised,
  };
}
