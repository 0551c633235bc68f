import type { Candidate } from '../../infer/layout.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import { digestOf } from '../../model/digest.ts';
import type { EstateView } from '../../model/estate.ts';
import { findingKinds } from '../../model/finding-codes.ts';

/**
 * A component that could not be read at all, though its layout should have told by findings what is wrong with it: one file that
 * nobody thought of takes no other component's answer away. It stays in the graph, and what it may depend on is a blind spot.
 * What it was read from is not known beyond its own folder, so no later view may follow changes from one that holds it.
 */
export function brokenClaim(candidate: Candidate, error: unknown, { repos }: EstateView): Claim {
  const { id, path } = candidate;
  const colon = path.indexOf(':');
  const view = repos.get(colon < 0 ? '' : path.slice(0, colon));
  const folder = colon < 0 ? path : path.slice(colon + 1);
  const inside =
    view?.isFile(folder) === true ? [folder] : (view?.list(folder) ?? []).map(({ name }) => `${folder}/${name}`);
  const files = inside.map(
    (file) => [colon < 0 ? file : `${path.slice(0, colon)}:${file}`, view?.digest(file) ?? null] as const,
  );
  const said = error instanceof Error ? error.message : String(error);
  const why = /call stack/.test(said) ? 'what stands in it goes deeper than anybody means' : said.slice(0, 200);
  const evidence = { rule: 'component-unread', site: 'component', file: path };
  return {
    component: brokenRow(candidate),
    types: [],
    provides: [],
    needs: [],
    blindSpots: [{ component: id, code: 'component-unread', evidence }],
    findings: [
      {
        code: 'component-unread',
        severity: findingKinds['component-unread'].severity,
        subject: id,
        key: 'component',
        message: `${id} could not be read: ${why}`,
        evidence: [evidence],
      },
    ],
    readSet: { files: Object.fromEntries(files), folders: {}, environment: {}, parameters: {} },
    evaluated: { $unknown: 'the component could not be read' },
  };
}

function brokenRow({ id, layout, path }: Candidate): ComponentRow {
  const name = path.split(/[/:]/).pop() || 'root';
  const [environment = '', type = name, nickname = name] = layout === 'adage' ? id.split('/') : ['', name, name];
  return {
    id,
    kind: 'component',
    layout,
    external: false,
    type,
    nickname,
    environment,
    path,
    module: '',
    configDigest: digestOf({}),
    attributes: {},
    sites: {},
  };
}
