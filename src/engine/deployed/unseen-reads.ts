import type { Body, Expression } from '../../hcl/tree.ts';
import { walkBody, walkExpression } from '../../infer/terraform/expression-walk.ts';
import { parseTerraform } from '../../infer/terraform/load-module.ts';
import { moduleFiles } from '../../infer/terraform/module-files.ts';
import { localModulePath, parseModuleSource } from '../../infer/terraform/module-source.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';
import type { ReferenceRow } from '../../model/reference.ts';
import { moduleSources, sourceOf } from './module-sources.ts';

/** A read of a module that may give another value tomorrow though nothing in the estate changed. */
interface Read {
  /** `data.aws_ami.web`, `timestamp()`. */
  readonly what: string;
  readonly file: string;
}

/** Functions that give another value each time they are asked. */
const restless: ReadonlySet<string> = new Set(['timestamp', 'plantimestamp', 'uuid', 'bcrypt']);

/** Data sources that only compute from their arguments, or read files that the module's digest covers. */
const computes: ReadonlySet<string> = new Set([
  'aws_iam_policy_document',
  'aws_partition',
  'archive_file',
  'cloudinit_config',
  'google_iam_policy',
  'null_data_source',
  'template_cloudinit_config',
  'template_file',
]);

/**
 * What a run reads that no other component influences: lookups in a cloud or on a network, the clock, chance. A proof that
 * nothing changed says nothing about them, so they are listed with it. What a reference was made of is no such read.
 */
export function unseenReads(
  view: FileView,
  folder: string,
  references: readonly Pick<ReferenceRow, 'evidence'>[],
): readonly string[] {
  const sites = references.flatMap(({ evidence }) => evidence.map(({ site }) => site));
  const referred = ({ what }: Read) => sites.some((site) => site === what || site.includes(`${what}.`));
  const found = readsIn(view, folder).filter((read) => !referred(read));
  return [...new Set(found.map(({ what, file }) => `${what} (${file})`))].sort(byCodeUnit);
}

/** Many components share a module: it is read once a view. */
const known = new WeakMap<FileView, Map<string, readonly Read[]>>();

function readsIn(view: FileView, folder: string): readonly Read[] {
  const ofView = known.get(view) ?? new Map<string, readonly Read[]>();
  known.set(view, ofView);
  const before = ofView.get(folder);
  if (before !== undefined) return before;
  const reads: Read[] = [];
  collect(view, folder, reads, new Set());
  ofView.set(folder, reads);
  return reads;
}

function collect(view: FileView, folder: string, reads: Read[], seen: Set<string>): void {
  if (seen.has(folder)) return;
  seen.add(folder);
  for (const path of moduleFiles(view, folder)) {
    const { body } = parseTerraform(view.read(path) ?? '', path);
    for (const what of [...readsOfBlocks(body), ...callsIn(body)]) reads.push({ what, file: path });
    for (const source of moduleSources(body))
      if (source?.startsWith('.')) collect(view, localModulePath(folder, source), reads, seen);
  }
}

function readsOfBlocks({ blocks }: Body): string[] {
  return blocks.flatMap(({ type, labels, body }) => {
    const [kind = '', name = ''] = labels;
    if (type === 'check') return readsOfBlocks(body);
    if (type === 'ephemeral') return [`ephemeral.${kind}.${name}`];
    if (type === 'module') return unreadModule(name || kind, body);
    return type === 'data' && !computes.has(kind) ? [`data.${kind}.${name}`] : [];
  });
}

/** A module that lies elsewhere is pinned or it is a reason to run; what it reads is not looked into. */
function unreadModule(name: string, body: Body): string[] {
  const source = sourceOf(body);
  return source === undefined || parseModuleSource(source).kind === 'local' ? [] : [`module.${name} from ${source}`];
}

function callsIn(body: Body): readonly string[] {
  const calls = new Set<string>();
  walkBody(body, (expression: Expression) =>
    walkExpression(expression, (one) => {
      if (one.kind === 'call' && restless.has(one.name)) calls.add(`${one.name}()`);
    }),
  );
  return [...calls];
}
