import type { Place, Value } from '../../../hcl/value.ts';
import { isList, isUnknown } from '../../../hcl/value.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { pointerOf, wholeRuntime } from '../../../model/pointer.ts';
import type { ModuleInstance } from '../../terraform/instance.ts';
import { type Sink, sinksOf, withoutKeys } from '../../terraform/sinks.ts';
import { sinkValues } from './sink-values.ts';

/** What a module reads of one source, as pointers. */
export interface Consumed {
  readonly pointers: readonly string[];
  /** Those that are only read with a fallback. */
  readonly tolerated: readonly string[];
}

/**
 * What a module reads of each source, whatever config it gets. A block that the config repeats may seem to be read whole only
 * because its number is not known: `wholeAt` names the sinks where that is so, to be evaluated again with a config.
 */
export interface TypeConsumption {
  /** By address without instance keys, or `var.<name>`. */
  readonly bySource: ReadonlyMap<string, Consumed>;
  /** By address of a repeated block: the sites where all of it seems to be read. */
  readonly wholeAt: ReadonlyMap<string, ReadonlySet<string>>;
}

const parameterAddress = /(^|\.)(data|ephemeral)\.aws_ssm_parameters?(_by_path)?\./;

/** Source → pointer → whether every read of it is tolerated. */
type Reads = Map<string, Map<string, boolean>>;

export function consumptionOfType(root: ModuleInstance): TypeConsumption {
  const reads: Reads = new Map();
  const wholeAt = new Map<string, Set<string>>();
  const repeated = repeatedAddresses(root);
  for (const sink of sinksOf(root))
    eachRead(root, sink, (base, pointer, tolerated) => {
      enter(reads, base, pointer, tolerated);
      if (pointer !== wholeRuntime || !repeated.has(base)) return;
      const sites = wholeAt.get(base);
      if (sites === undefined) wholeAt.set(base, new Set([sink.site]));
      else sites.add(sink.site);
    });
  for (const place of root.droppedPlaces.filter((one) => !isHandle(one)))
    enterPlace(root, place, (base, pointer, tolerated) => enter(reads, base, pointer, tolerated));
  return { bySource: new Map([...reads].map(([base, pointers]) => [base, consumedOf(pointers)])), wholeAt };
}

/** The same for one component, of the sources that seem to be read whole: only the sinks in question are evaluated. */
export function refineConsumption(type: TypeConsumption, root: ModuleInstance): ReadonlyMap<string, Consumed> {
  const sites = new Set([...type.wholeAt.values()].flatMap((one) => [...one]));
  const reads: Reads = new Map();
  for (const [base] of type.wholeAt) {
    const known = type.bySource.get(base);
    for (const pointer of known?.pointers ?? [])
      if (pointer !== wholeRuntime) enter(reads, base, pointer, known?.tolerated.includes(pointer) === true);
  }
  for (const sink of sinksOf(root))
    if (sites.has(sink.site))
      eachRead(root, sink, (base, pointer, tolerated) => {
        if (type.wholeAt.has(base)) enter(reads, base, pointer, tolerated);
      });
  return new Map([...type.wholeAt.keys()].map((base) => [base, consumedOf(reads.get(base) ?? new Map())]));
}

type OnRead = (base: string, pointer: string, tolerated: boolean) => void;

function eachRead(root: ModuleInstance, sink: Sink, onRead: OnRead): void {
  for (const { value, handsOn } of sinkValues(sink))
    visitPlaces(value, handsOn, (place) => enterPlace(root, place, onRead));
}

/** A value that is merely handed on, such as a local's, is not read there as long as it is the source as such. */
function visitPlaces(value: Value, handsOn: boolean, visit: (place: Place) => void): void {
  if (value === null || typeof value !== 'object') return;
  if (isUnknown(value)) {
    for (const place of value.places)
      if (!handsOn || !isHandle(place) || !value.alternatives.includes(place)) visit(place);
  } else for (const member of isList(value) ? value : Object.values(value)) visitPlaces(member, handsOn, visit);
}

/** A block as such or its `value`; a variable as such. */
function isHandle({ source, steps }: Place): boolean {
  return steps.length <= (source.includes('data.') ? 1 : 0);
}

function enterPlace(root: ModuleInstance, place: Place, onRead: OnRead): void {
  const { source, steps } = root.instancePlace(place);
  const base = withoutKeys(source);
  const [first, ...rest] = steps;
  const parameter = parameterAddress.test(base);
  if (parameter && first !== undefined && !/^(value|insecure_value|values|\*)$/.test(first)) return;
  const inside = parameter ? rest : steps;
  const star = inside.indexOf('*');
  onRead(base, pointerOf(star < 0 ? inside : inside.slice(0, star)), place.tolerated === true);
}

function enter(reads: Reads, base: string, pointer: string, tolerated: boolean): void {
  const known = reads.get(base);
  if (known === undefined) reads.set(base, new Map([[pointer, tolerated]]));
  else known.set(pointer, (known.get(pointer) ?? true) && tolerated);
}

function consumedOf(pointers: ReadonlyMap<string, boolean>): Consumed {
  return {
    pointers: [...pointers.keys()].sort(byCodeUnit),
    tolerated: [...pointers].flatMap(([pointer, tolerated]) => (tolerated ? [pointer] : [])).sort(byCodeUnit),
  };
}

function repeatedAddresses(root: ModuleInstance): ReadonlySet<string> {
  const repeated = [...root.module.resources.values()].filter(
    ({ mode, count, forEach }) => mode !== 'managed' && (count !== undefined || forEach !== undefined),
  );
  return new Set(repeated.map(({ address }) => address));
}
