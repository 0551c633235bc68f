import { configPath } from '../../config/effective-config.ts';
import { isJsonObject } from '../../config/merge-patch.ts';
import { any, object, text } from '../../config/shape-parts.ts';
import { findOne } from '../../graph/operations/find.ts';
import type { ComponentId } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Finding } from '../../model/finding.ts';
import { laidOver } from '../../observe/views/laid-over-view.ts';
import type { EngineContext } from '../context.ts';
import { claimsOf, loadView } from '../view/load-view.ts';
import { stampOf, type ViewStamp, workingDirectoryOf } from '../view/view.ts';
import { at, defineVerb } from './verb.ts';

export interface TriedConfig {
  readonly view: ViewStamp;
  readonly component: ComponentId;
  /** Nobody has a config of that name yet. */
  readonly isNew: boolean;
  /** No finding is an error. */
  readonly valid: boolean;
  /** What would be wrong or odd of it, with pointers into the config. */
  readonly findings: readonly Finding[];
  /** What this component would have that it has not now, and the other way round: nothing of what others would find. */
  readonly needs: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/**
 * A config as if it were there, judged by everything that judges one: schemas, the module under it, parents, sizes, secrets.
 * Nothing is written. @throws KARMA_USAGE for what has no config of its own
 */
export async function tryConfig(
  context: EngineContext,
  { id, config, at: when }: { readonly id: string; readonly config: unknown; readonly at?: string },
): Promise<TriedConfig> {
  if (!isJsonObject(config))
    throw new KarmaError('KARMA_INPUT_INVALID', 'a config is one JSON object', { details: { pointer: '/config' } });
  const view = await loadView(context, when, { needsEstate: true });
  const { estate, graph } = view;
  if (estate === undefined)
    throw new KarmaError('KARMA_USAGE', `${view.label} holds no files`, { hint: 'ask at a Git revision' });
  const known = knownAs(() => graph.id(findOne(graph, id, { workingDirectory: workingDirectoryOf(view) })));
  const component = known ?? id;
  const path = configPath(component);
  if (!/^[^/]+\/[^/]+\/[^/]+$/.test(component) || !isPlain(component))
    throw new KarmaError('KARMA_USAGE', `${component} has no config of its own`, {
      hint: 'a config belongs to <environment>/<type>/<nickname>',
    });
  const over = laidOver(estate.view.main, new Map([[path, `${JSON.stringify(config, null, 2)}\n`]]));
  const repos = new Map([...estate.view.repos].map(([name, repo]) => [name, repo === estate.view.main ? over : repo]));
  const claims = await claimsOf(context);
  const [now, then] = [
    claims.find(component, estate.view),
    claims.find(component, { ...estate.view, main: over, repos }),
  ];
  if (then === undefined)
    throw new KarmaError('KARMA_USAGE', `a config at ${path} would be no component of this estate`, {
      hint: '`karma doctor` says what is recognised',
    });
  const keys = (claim: typeof now) => new Set((claim?.needs ?? []).map(({ key }) => key));
  const [before, after] = [keys(now), keys(then)];
  return {
    view: stampOf(view),
    component,
    isNew: now === undefined,
    valid: then.findings.every(({ severity }) => severity !== 'error'),
    findings: then.findings,
    needs: {
      added: [...after].filter((key) => !before.has(key)).sort(),
      removed: [...before].filter((key) => !after.has(key)).sort(),
    },
  };
}

function knownAs(find: () => ComponentId): ComponentId | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

/** Of an id that nobody knows yet: nothing in it leads elsewhere. */
function isPlain(id: string): boolean {
  return id.split('/').every((part) => part !== '.' && part !== '..' && !/[\\\0]/.test(part));
}

export const configTryVerb = defineVerb({
  about: 'Judges a config as if it were there; writes nothing.',
  query: object(
    'Which, and of whom.',
    { id: text('A component, or the id of one that could be.'), config: any('The config, a JSON object.'), at },
    ...(['id', 'config'] as const),
  ),
  writes: 'nothing',
  run: tryConfig,
});
