import { holeOf } from '../../../hcl/places.ts';
import type { Body, Expression } from '../../../hcl/tree.ts';
import { isList, isObject, isUnknown, type Value } from '../../../hcl/value.ts';
import type { Whereabouts } from '../../../model/claim.ts';
import { hideInText } from '../../../model/secrets/text.ts';
import { chainOf } from '../../terraform/expression-walk.ts';
import type { DataQuery, ModuleInstance } from '../../terraform/instance.ts';
import { bodyValue } from './backend-config.ts';

/**
 * Where a block looks: the configuration of the provider that it uses, evaluated. Which one that is, its `provider` argument
 * says or its type; in a child module the `providers` of the calls that lead there.
 */
export function whereaboutsOf(query: DataQuery, environment: string): Whereabouts {
  const { module, resource } = query;
  const place = configured(module, providerName(resource.type, resource.body));
  // Since version 6 of its provider an AWS block may name a region of its own.
  const own = resource.type.startsWith('aws_') ? textOf(query.argument('region')) : undefined;
  return {
    ...place,
    ...(own === undefined ? {} : { region: own }),
    ...(environment === '' ? {} : { environment }),
  };
}

const known = new WeakMap<ModuleInstance, Map<string, Whereabouts>>();

function configured(instance: ModuleInstance, name: string): Whereabouts {
  const places = known.get(instance) ?? new Map<string, Whereabouts>();
  known.set(instance, places);
  let place = places.get(name);
  if (place === undefined) {
    place = configuredAt(instance, name);
    places.set(name, place);
  }
  return place;
}

/** As whoever runs it is logged in, where nothing is configured. */
const ambient: Whereabouts = { login: '' };

function configuredAt(instance: ModuleInstance, name: string): Whereabouts {
  const found = instance.module.providers.get(name);
  const { caller } = instance;
  if (caller === undefined) return found === undefined ? ambient : placeIn(bodyValue(instance, found.block.body));
  // An empty block in a child module only says that it is given one.
  if (found !== undefined && saysAnything(found.block.body)) return placeIn(bodyValue(instance, found.block.body));
  const given = handed(caller.call.body.attributes.get('providers')?.value, name);
  return given !== undefined || !name.includes('.') ? configured(caller.of, given ?? name) : ambient;
}

function saysAnything({ attributes, blocks }: Body): boolean {
  return blocks.length > 0 || [...attributes.keys()].some((name) => name !== 'alias' && name !== 'version');
}

function handed(providers: Expression | undefined, name: string): string | undefined {
  if (providers?.kind !== 'object') return undefined;
  const item = providers.items.find(({ key }) => writtenName(key) === name);
  return item === undefined ? undefined : writtenName(item.value);
}

/** `aws.hub`, as words or as a text. */
function writtenName(expr: Expression): string | undefined {
  if (expr.kind === 'variable') return expr.name;
  if (expr.kind === 'literal') return typeof expr.value === 'string' ? expr.value : undefined;
  const chain = expr.kind === 'access' ? chainOf(expr) : undefined;
  return chain === undefined ? undefined : [chain.root, ...chain.steps].join('.');
}

function providerName(type: string, body: Body): string {
  const written = body.attributes.get('provider')?.value;
  return (written === undefined ? undefined : writtenName(written)) ?? type.split('_')[0] ?? type;
}

/** Arguments that say as whom a provider logs in. */
const logins = ['profile', 'impersonate_service_account', 'client_id', 'tenant_id', 'config_path', 'config_context'];
const roles = ['assume_role', 'assume_role_with_web_identity'];

function placeIn(config: Readonly<Record<string, Value>>): Whereabouts {
  const arns = roles.flatMap((name) => rolesIn(config[name] ?? null));
  const login = [...logins.map((name) => textOf(config[name]) ?? ''), ...arns].filter((text) => text !== '');
  const account =
    arns.map((arn) => /^arn:[\w-]+:iam::(\d{12}):/.exec(arn)?.[1]).at(-1) ??
    onlyOf(config.allowed_account_ids ?? null) ??
    textOf(config.project ?? config.subscription_id);
  const region = textOf(config.region);
  return {
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
    login: login.join(' '),
  };
}

/** A block, or a list of them where one role leads to the next. */
function rolesIn(value: Value): readonly string[] {
  if (isUnknown(value)) return ['${?}'];
  if (isList(value)) return value.flatMap(rolesIn);
  const arn = isObject(value) ? textOf(value['role_arn']) : undefined;
  return arn === undefined ? [] : [arn];
}

function onlyOf(value: Value): string | undefined {
  const [only, ...others] = isList(value) ? value : [];
  return others.length === 0 && only !== undefined ? textOf(only) : undefined;
}

/** A text; of what only a run could know what it is made of, where that tells it from others. */
export function textOf(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value === '' ? undefined : hideInText(value);
  if (!isUnknown(value)) return typeof value === 'number' ? String(value) : undefined;
  if (value.exact) return holeOf(value);
  const made = value.defined?.();
  return made === undefined ? '${?}' : `\${${hideInText(made).replace(/[{}]/g, ' ')}}`;
}
