import type { Value } from '../../hcl/value.ts';
import { isObject, isUnknown } from '../../hcl/value.ts';
import type { Need } from '../../model/claim.ts';
import type { Evidence } from '../../model/evidence.ts';
import { reducePointers, wholeRuntime } from '../../model/pointer.ts';
import { readConfig } from '../layouts/terraform/read-config.ts';
import { readsAt } from '../layouts/terraform/read-evidence.ts';
import type { StateAddress } from '../layouts/terraform/state-address.ts';
import { neededAddress } from '../layouts/terraform/state-address.ts';
import { askedPartKeys } from '../partly-known.ts';
import { pointerOfSteps } from '../terraform/config-keys.ts';
import type { Read } from '../terraform/consumption.ts';
import type { DataQuery } from '../terraform/instance.ts';
import { withoutKeys } from '../terraform/sinks.ts';
import type { BlockRule } from './block-rule.ts';

/** Rule 7: another root module's state, read through `terraform_remote_state` or `tfe_outputs`. */
export const rule = 'remote-state';

/** Attributes of the data block that are not outputs, as old configurations read them without `outputs`. */
const ownAttributes: ReadonlySet<string> = new Set([
  'backend',
  'config',
  'defaults',
  'workspace',
  'id',
  'organization',
]);
const outputAttributes: ReadonlySet<string> = new Set(['outputs', 'values', 'nonsensitive_values']);

export const remoteState: BlockRule = {
  name: rule,
  takes: ({ mode, type }) => mode === 'data' && (type === 'terraform_remote_state' || type === 'tfe_outputs'),
  needs: ({ query, reads }) => [needOf(query, reads)],
};

function needOf(query: DataQuery, reads: readonly Read[]): Need {
  const evidence = evidenceOf(query);
  const consumed = consumedOf(query, reads);
  const address = addressOf(query);
  const what = `which state ${withoutKeys(query.address)} reads`;
  const common = { rule, origin: 'inferred', strength: 'proven', evidence, ...consumed } as const;
  if (address === undefined)
    return { key: `state:?${evidence.site}`, ...common, whenMissing: 'quiet', partly: { keys: [], what } };
  const { addresses, backend, keys, shown } = address;
  const [key = `state:?${shown}`, ...orElse] = keys;
  return {
    key,
    ...(orElse.length === 0 ? {} : { orElse }),
    ...common,
    ...missing(address),
    partly: { keys: askedPartKeys(`state-near:${backend}`, addresses), addresses, what },
  };
}

/** A local state that is not there is a broken path; one in a store may belong to somebody else's estate. */
function missing({ backend, known }: StateAddress): Pick<Need, 'whenMissing' | 'danglingCode'> {
  if (backend === 'local') return { whenMissing: known ? 'dangling' : 'quiet' };
  return { whenMissing: 'dangling', danglingCode: 'state-elsewhere' };
}

function evidenceOf({ address, resource }: DataQuery): Evidence & { readonly file: string; readonly line: number } {
  const config = resource.body.attributes.get('config') ?? resource.body.attributes.get('workspace');
  const site = withoutKeys(address) + (config === undefined ? '' : `.${config.name}`);
  return { rule, site, file: resource.file, line: config?.at.line ?? resource.at.line };
}

function addressOf(query: DataQuery): StateAddress | undefined {
  const { resource, module } = query;
  const folder = module.root.module.path;
  if (resource.type === 'tfe_outputs') {
    const workspaces: Value = { name: query.argument('workspace') ?? null };
    const organization = query.argument('organization') ?? null;
    return neededAddress(
      'remote',
      new Map<string, Value>([
        ['organization', organization],
        ['workspaces', workspaces],
      ]),
      folder,
      undefined,
    );
  }
  const backend = query.argument('backend');
  if (typeof backend !== 'string') return undefined;
  const config = readConfig(query);
  if (!isObject(config)) return undefined;
  return neededAddress(backend, new Map(Object.entries(config)), folder, query.argument('workspace'));
}

type Consumed = Pick<Need, 'consumes' | 'tolerated' | 'reads'>;

function consumedOf(query: DataQuery, reads: readonly Read[]): Consumed {
  const defaults = query.argument('defaults') ?? null;
  const hasDefault = (name: string | undefined) =>
    name !== undefined && !isUnknown(defaults) && isObject(defaults) && Object.hasOwn(defaults, name);
  const consumes = new Set<string>();
  const firm = new Set<string>();
  const places: Read[] = [];
  for (const read of reads) {
    const { steps, tolerated } = read;
    const [first = '', ...rest] = steps;
    if (ownAttributes.has(first) && first !== '') continue;
    const inside = outputAttributes.has(first) ? rest : steps;
    const pointer = inside.length === 0 ? wholeRuntime : pointerOfSteps(inside);
    consumes.add(pointer);
    places.push(read);
    if (!tolerated && !hasDefault(inside[0])) firm.add(pointer);
  }
  const tolerated = [...consumes].filter((pointer) => !firm.has(pointer));
  return {
    consumes: reducePointers(consumes),
    ...(tolerated.length === 0 ? {} : { tolerated: reducePointers(tolerated) }),
    ...readsAt(rule, withoutKeys(query.address), places),
  };
}
