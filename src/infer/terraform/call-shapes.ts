import { parseExpression } from '../../hcl/parse.ts';
import type { Expression } from '../../hcl/tree.ts';
import { eitherShape, type OutputShape, unknownShape } from '../../model/output-shape.ts';

type Arguments = readonly OutputShape[];

const text: OutputShape = { kind: 'string' };
const number: OutputShape = { kind: 'number' };
const boolean: OutputShape = { kind: 'boolean' };
const openMap: OutputShape = { kind: 'object', members: new Map(), open: true };
const anyList: OutputShape = { kind: 'list', item: unknownShape };

/** What one of several items is; of none nobody can say. */
export function listOf(items: readonly OutputShape[]): OutputShape {
  const [first, ...rest] = items;
  return { kind: 'list', item: first === undefined ? unknownShape : rest.reduce(eitherShape, first) };
}

const first = ([one]: Arguments): OutputShape => one ?? unknownShape;
/** The first list among the arguments: it only changes order or number of items. */
const sameItems = ([one]: Arguments): OutputShape => (one?.kind === 'list' ? one : anyList);
const eachOf = ([one, ...rest]: Arguments): OutputShape =>
  one === undefined ? unknownShape : rest.reduce(eitherShape, one);
const itemOf = ([one]: Arguments): OutputShape => (one?.kind === 'list' ? one.item : unknownShape);

/** What Terraform's functions give, where that does not depend on values. A function that is not here gives anything. */
const results: ReadonlyMap<string, (given: Arguments) => OutputShape> = new Map<
  string,
  (given: Arguments) => OutputShape
>([
  ...namesOf(
    'base64decode base64encode base64gzip base64sha256 basename chomp cidrhost cidrnetmask cidrsubnet dirname file ' +
      'filebase64 filemd5 filesha1 filesha256 format formatdate indent join lower md5 pathexpand replace sha1 sha256 sha512 ' +
      'strrev substr timeadd timestamp title tostring trim trimprefix trimspace trimsuffix upper urlencode uuid',
  ).map((name) => [name, () => text] as const),
  ...namesOf('abs ceil floor length log max min parseint pow signum sum tonumber').map(
    (name) => [name, () => number] as const,
  ),
  ...namesOf('alltrue anytrue can contains endswith fileexists startswith strcontains tobool').map(
    (name) => [name, () => boolean] as const,
  ),
  ...namesOf('compact keys split').map((name) => [name, () => ({ kind: 'list', item: text }) as const] as const),
  ...namesOf('chunklist concat fileset flatten formatlist range regexall setproduct values').map(
    (name) => [name, () => anyList] as const,
  ),
  ...namesOf('distinct reverse slice sort tolist toset').map((name) => [name, sameItems] as const),
  ...namesOf('nonsensitive sensitive').map((name) => [name, first] as const),
  ...namesOf('coalesce try').map((name) => [name, eachOf] as const),
  ['one', itemOf],
  ['element', itemOf],
  ['tomap', ([one]) => (one?.kind === 'object' ? { ...one, open: true } : openMap)],
  ['zipmap', () => openMap],
  ['merge', merged],
  ['jsonencode', ([one]) => ({ kind: 'json', holds: one ?? unknownShape })],
  ['jsondecode', ([one]) => (one?.kind === 'json' ? one.holds : unknownShape)],
]);

function namesOf(list: string): string[] {
  return list.split(' ');
}

export function callShape(name: string, given: Arguments): OutputShape {
  return results.get(name)?.(given) ?? unknownShape;
}

/** Later members stand over earlier ones; what is no known object may bring any. */
function merged(given: Arguments): OutputShape {
  const members = new Map<string, OutputShape>();
  let open = false;
  for (const one of given) {
    if (one.kind === 'null') continue;
    if (one.kind !== 'object' || one.open) {
      // It may stand over any member named so far.
      for (const name of members.keys()) members.set(name, unknownShape);
      open = true;
    }
    if (one.kind === 'object') for (const [name, shape] of one.members) members.set(name, shape);
  }
  return { kind: 'object', members, open };
}

/** The shape that a type constraint leaves: `list(string)`, `object({ … })`. JSON syntax writes a type as a text. */
export function shapeOfType(type: Expression): OutputShape {
  if (type.kind === 'literal' && typeof type.value === 'string') return shapeOfType(parseExpression(type.value));
  if (type.kind === 'variable') return simple.get(type.name) ?? unknownShape;
  const [inner] = type.kind === 'call' ? type.args : [];
  if (type.kind !== 'call' || inner === undefined) return unknownShape;
  if (type.name === 'list' || type.name === 'set') return { kind: 'list', item: shapeOfType(inner) };
  if (type.name === 'tuple') return inner.kind === 'tuple' ? listOf(inner.items.map(shapeOfType)) : anyList;
  if (type.name === 'map') return openMap;
  if (type.name === 'optional') return shapeOfType(inner);
  if (type.name !== 'object' || inner.kind !== 'object') return unknownShape;
  const members = new Map<string, OutputShape>();
  for (const { key, value } of inner.items)
    if (key.kind === 'literal') members.set(String(key.value), shapeOfType(value));
  return { kind: 'object', members, open: members.size < inner.items.length };
}

const simple: ReadonlyMap<string, OutputShape> = new Map<string, OutputShape>([
  ['string', text],
  ['number', number],
  ['bool', boolean],
  ['list', anyList],
  ['map', openMap],
  ['set', anyList],
]);
