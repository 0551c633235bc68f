import type { ComponentRow } from '../../model/component.ts';
import { canonicalJson } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EventDraft } from '../../model/event.ts';
import { parseExactJson } from '../../model/exact-number.ts';
import type { EngineContext } from '../context.ts';
import { bindingOf } from '../deployed/placement.ts';
import { effectiveOf, estateOf, invalid } from '../objects/effective-of.ts';
import { closeIntent, putUnder } from '../put-parameter.ts';
import { loadView } from '../view/load-view.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import { selectNodes } from '../view/select.ts';
import { type HoldLease, withWriteLeases } from '../write-leases.ts';

export interface PublishedConfig {
  readonly component: string;
  readonly binding: string;
  readonly parameter: string;
  readonly outcome: 'published' | 'unchanged' | 'would publish' | 'refused';
  readonly version?: number;
  readonly reason?: string;
}

/** Effective configs to the Parameter Store: only what changed, and nothing that does not validate. */
export async function publishConfigs(
  context: EngineContext,
  query: {
    readonly selection: readonly string[];
    readonly all: boolean;
    readonly binding?: string;
    readonly dryRun: boolean;
    /** The commit that is published; default: the work tree. */
    readonly at?: string;
  },
): Promise<readonly PublishedConfig[]> {
  if (query.selection.length === 0 && !query.all)
    throw new KarmaError('KARMA_USAGE', 'publish which configs?', { hint: 'name a selection, or say --all' });
  const view = await loadView(context, query.at, { needsEstate: true });
  const estate = estateOf(view);
  const nodes = await selectNodes(context, view, query.selection);
  const broken = new Map<string, string>();
  for (const { code, severity, subject, message } of view.graph.findings())
    if (severity === 'error' && invalid.has(code) && !broken.has(subject)) broken.set(subject, message);
  return withWriteLeases(context, async (hold) => {
    const answers: PublishedConfig[] = [];
    for (const node of nodes) {
      const component = view.graph.component(node);
      if (component.layout !== 'adage' || component.external || component.kind !== 'component') continue;
      const publication = { estate, component, broken: broken.get(component.id), hold };
      answers.push(await publishOne(context, publication, query));
    }
    return answers;
  });
}

interface Publication {
  readonly estate: OpenedEstate;
  readonly component: ComponentRow;
  /** Why it does not validate. */
  readonly broken: string | undefined;
  readonly hold: HoldLease;
}

async function publishOne(
  context: EngineContext,
  { estate, component, broken, hold }: Publication,
  query: { readonly binding?: string; readonly dryRun: boolean },
): Promise<PublishedConfig> {
  const binding = bindingOf(estate.view, component, query.binding);
  const parameter = `${estate.view.settings.prefix ?? '/iac'}/${component.type}/${component.nickname}/config`;
  const subject = { component: component.id, binding, parameter };
  if (broken !== undefined) return { ...subject, outcome: 'refused', reason: broken };
  // What is only published has no config in Git to publish; an empty one would wipe it out.
  if (component.attributes.source === 'published')
    return { ...subject, outcome: 'refused', reason: 'it has no config in Git: it is only published' };
  const value = JSON.stringify(effectiveOf(estate, component).value);
  const store = await context.stores.parameters(binding);
  const current = await store.get(parameter);
  const told = (version: number): EventDraft[] => [
    {
      action: 'config.published',
      actor: context.actor,
      door: context.door,
      subject: component.id,
      environment: component.environment,
      outcome: 'ok',
      at: context.now(),
      details: { binding, parameter, version, commit: estate.position },
    },
  ];
  if (current?.value !== undefined && sameJson(current.value, value)) {
    if (!query.dryRun) await closeIntent(context, binding, parameter, current.version, told);
    return { ...subject, outcome: 'unchanged', version: current.version };
  }
  if (query.dryRun) return { ...subject, outcome: 'would publish', version: (current?.version ?? 0) + 1 };
  const write = { name: parameter, value, type: 'String' } as const;
  const version = await putUnder(context, hold, { store, write, before: current, also: told });
  return { ...subject, outcome: 'published', version };
}

function sameJson(a: string, b: string): boolean {
  try {
    return canonicalJson(parseExactJson(a)) === canonicalJson(parseExactJson(b));
  } catch {
    return false;
  }
}
