import type { Claim, Need, Provide, Whereabouts } from '../../../model/claim.ts';
import { isKnown } from '../../partly-known.ts';
import { askedArgument, givenArgument, lookupNeed, nameProvides, rule } from '../../rules/lookup-by-name.ts';
import type { Subject } from '../../rules/subject.ts';
import type { DataQuery } from '../../terraform/instance.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import type { EvaluatedRoot } from './deployment.ts';
import { asksByName, exportsIn, type Identity, type LookedUp, lookedUpBy, mayBeLookedUp } from './looked-up.ts';
import { whereaboutsOf } from './provider-place.ts';

interface Lookups {
  readonly needs: readonly Need[];
  readonly provides: readonly Provide[];
}

/**
 * Lookups in a cloud, by name, tag or filter, of what other root modules make. Plausible only: who is found is possible. Where
 * `karma.yaml` says that accounts are shared, one name means one thing, and those types count that a name surely tells.
 */
export function lookups(id: string, environment: string, root: EvaluatedRoot, shared: boolean): Lookups {
  const needs: Need[] = [];
  const provides: Provide[] = [];
  const proven = shared ? namesShared(id, root) : undefined;
  const places = new Set(proven?.needs.map(({ evidence }) => evidence.site));
  for (const query of queriesOf(root.instance, takesPart)) {
    const { resource, address } = query;
    const found = lookedUpBy(query);
    const where = placeOf(query, found, environment);
    const evidenceOf = ({ argument }: Pick<Identity, 'argument'>) => {
      const line = resource.body.attributes.get(argument)?.at.line ?? resource.at.line;
      return { rule, site: `${withoutKeys(address)}.${argument}`, file: resource.file, line };
    };
    const [first] = found.identities;
    if (first === undefined) continue;
    const evidence = evidenceOf(first);
    if (resource.mode === 'managed') {
      provides.push(made(id, found, { where, evidence }));
      if (resource.type === 'aws_cloudformation_stack')
        for (const name of exportsIn(query.argument('template_body') ?? null, first.text))
          provides.push(made(id, exported(name), { where, evidence: evidenceOf({ argument: 'template_body' }) }));
    } else if (!places.has(evidence.site)) needs.push(asked(found.kind, first.text, { where, evidence }));
  }
  return { needs: [...(proven?.needs ?? []), ...needs], provides: [...(proven?.provides ?? []), ...provides] };
}

/** The needs of a claim that prove nothing. */
export function plausible({ needs }: Claim): readonly Need[] {
  return needs.filter(({ strength }) => strength === 'hint');
}

function takesPart(resource: DataQuery['resource']): boolean {
  return resource.mode === 'data' ? asksByName(resource) : mayBeLookedUp(resource);
}

function exported(name: string): LookedUp {
  return {
    kind: 'aws_cloudformation_export',
    identities: [{ argument: 'template_body', text: name.toLowerCase() }],
    also: {},
  };
}

/** Things that a region does not part. */
const global = /^(aws_(iam|route53|cloudfront|organizations|s3_bucket)|google|azure|cloudflare|github)/;

function placeOf(query: DataQuery, { kind, identities, also }: LookedUp, environment: string): Whereabouts {
  const { region, ...place } = whereaboutsOf(query, environment);
  const others = query.resource.mode === 'data' ? identities.slice(1) : identities;
  const tags = others.filter(({ text }) => text.startsWith('tag:')).map(({ text }) => text.split('=', 2));
  const agree = { ...also, ...Object.fromEntries(tags) };
  return {
    ...place,
    ...(region === undefined || global.test(kind) ? {} : { region }),
    ...(Object.keys(agree).length === 0 ? {} : { also: agree }),
  };
}

type Said = Pick<Provide, 'where' | 'evidence'>;

function made(id: string, { kind, identities }: LookedUp, said: Said): Provide {
  const near = `lookup-near:${kind}`;
  const known = identities.filter(({ text }) => isKnown(text)).map(({ text }) => `lookup:${kind}:${text}`);
  return {
    key: near,
    under: [...known, ...(known.length < identities.length ? [`${near}:?`] : [])],
    runtime: id,
    addresses: identities.map(({ text }) => ['', text] as const),
    ...said,
  };
}

function asked(kind: string, text: string, { where, evidence }: Said): Need {
  const near = `lookup-near:${kind}`;
  return {
    key: `lookup:${kind}:${text}`,
    rule,
    origin: 'inferred',
    strength: 'hint',
    consumes: ['*'],
    marks: ['cloud'],
    evidence,
    whenMissing: 'quiet',
    ...(where === undefined ? {} : { where }),
    partly: {
      keys: [isKnown(text) ? `${near}:?` : near],
      addresses: [['', text]],
      what: `what ${evidence.site} finds`,
    },
  };
}

/** Lookups by a name that surely tells, in accounts that are shared. */
function namesShared(id: string, { instance, consumption }: EvaluatedRoot): Lookups {
  const subject: Subject = { id, environment: '', type: '', nickname: '', prefix: '', bindings: [], siblings: [] };
  const needs: Need[] = [];
  const provides: Provide[] = [];
  for (const query of queriesOf(instance, isNamed)) {
    const { resource, address } = query;
    if (resource.mode === 'managed') {
      const name = named(query, givenArgument(resource.type));
      if (name !== undefined) provides.push(...nameProvides(subject, resource.type, name.value, id, name.evidence));
      continue;
    }
    const name = named(query, askedArgument(resource.type));
    if (name === undefined) continue;
    const attributes = consumption.reads.get(address)?.map(({ steps }) => steps[0] ?? '*') ?? [];
    const need = lookupNeed(subject, resource.type, name.value, attributes, name.evidence);
    if (need !== undefined) needs.push(need);
  }
  return { needs, provides };
}
function isNamed({ mode, type }: DataQuery['resource']): boolean {
  return mode !== 'ephemeral' && (mode === 'managed' ? givenArgument(type) : askedArgument(type)) !== undefined;
}

function named({ resource, address, argument }: DataQuery, asked: string | undefined) {
  const set = asked === undefined ? undefined : resource.body.attributes.get(asked);
  if (asked === undefined || set === undefined) return undefined;
  const evidence = { rule, site: `${withoutKeys(address)}.${asked}`, file: resource.file, line: set.at.line };
  return { value: argument(asked) ?? null, evidence };
}
