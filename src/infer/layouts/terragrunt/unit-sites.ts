import type { Need } from '../../../model/claim.ts';
import type { Sites } from '../../../model/evidence.ts';
import { filePlace } from '../../../model/file-view.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';

/** Where everything that the unit's evidence can name stands. The first of two places with one name counts. */
export function unitSites(
  unit: Frame,
  layers: readonly Layer[],
  needs: readonly Need[],
): Record<string, Sites[string]> {
  const sites = new Map<string, Sites[string]>();
  const put = (site: string, file: string | undefined, line: number | undefined) => {
    if (file !== undefined && line !== undefined && !sites.has(site)) sites.set(site, [file, line]);
  };
  for (const { evidence } of needs) put(evidence.site, evidence.file, evidence.line);
  const { paths, view } = unit.session.estate;
  for (const { frame } of layers) {
    const file = filePlace(view.main.repo, paths.inView(frame.at.file));
    const { attributes, blocks } = frame.source.body;
    const inputs = attributes.get('inputs')?.value;
    if (inputs?.kind === 'object')
      for (const { key } of inputs.items) if (key.kind === 'literal') put(`inputs.${key.value}`, file, key.at.line);
    for (const { type, labels, at, body } of blocks) {
      const site = [type, ...labels].join('.');
      if (type === 'terraform') put('terraform.source', file, body.attributes.get('source')?.at.line);
      else if (type !== 'locals') put(site, file, at.line);
    }
  }
  return Object.fromEntries([...sites].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
