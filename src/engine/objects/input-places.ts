import { configPath } from '../../config/effective-config.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';
import { pointerOf, stepsOf, valueAt } from '../../model/pointer.ts';
import { inputsOf } from './judged-inputs.ts';
import type { PlaceReader } from './place-reader.ts';

/** A place in a file of the main repository that says something, or could. */
export interface InputPlace {
  readonly file: string;
  /** Into what the file says. */
  readonly pointer: string;
  readonly line: number;
}

/** Where an input of a component is decided, and where one could override it. */
export interface InputPlaces {
  /** Where it is written as a literal, in a file that is the component's own. */
  readonly here?: InputPlace;
  /** Where it is said otherwise: in another file, or by something that is no literal. */
  readonly there?: InputPlace & { readonly literal: boolean; readonly name?: string };
  /** Where it can be said for this component alone. */
  readonly own?: InputPlace;
  /** Why there is no place at all. */
  readonly none?: string;
}

export interface PlacesQuery {
  readonly reader: PlaceReader;
  readonly row: ComponentRow;
  readonly claim: Claim | undefined;
  readonly deployment: string;
  readonly pointer: string;
}

export function placesOfInput(query: PlacesQuery): InputPlaces {
  if (query.row.layout === 'adage') return inConfigs(query);
  return query.row.layout === 'terragrunt' ? inUnit(query) : inRoot(query);
}

function inConfigs({ row, pointer, reader }: PlacesQuery): InputPlaces {
  const { layers, value } = reader.config(row);
  const file = configPath(row.id);
  const [mine, ...parents] = layers;
  if (mine === undefined) return { none: 'it has no config in Git' };
  const own = { file, pointer, line: mine.document.lineOf(pointer) };
  if (valueAt(mine.document.value, pointer) !== undefined) return { here: own, own };
  // Of what a parent says, `$unset` and `null` leave nothing.
  if (valueAt(value, pointer) === undefined) return { here: own, own };
  const parent = parents.find(({ document }) => valueAt(document.value, pointer) !== undefined);
  if (parent === undefined) return { here: own, own };
  return { own, there: { file: parent.file, pointer, line: parent.document.lineOf(pointer), literal: true } };
}

/** The file of a unit: what it reads in its own folder under the name that units have. */
export function unitFileOf(estate: EstateView, row: ComponentRow): string | undefined {
  const named = [estate.settings.terragruntFile, 'terragrunt.hcl', 'terragrunt.hcl.json'].filter(
    (one) => one !== undefined,
  );
  return named.map((name) => (row.path === '' ? name : `${row.path}/${name}`)).find((file) => estate.main.isFile(file));
}

function inUnit({ reader, row, claim, pointer }: PlacesQuery): InputPlaces {
  const file = unitFileOf(reader.estate, row);
  if (file === undefined) return { none: 'its file is not in this repository' };
  const path = `/inputs${pointer}`;
  const found = reader.look(file, path);
  const own = { file, pointer: path, line: found.line };
  if (found.kind === 'literal' || found.kind === 'unreadable') return { here: own, own };
  if (found.kind === 'elsewhere') {
    const { name, kind, line } = found.from ?? {};
    const local = kind === 'local' && name !== undefined ? localPlace(reader, file, name) : undefined;
    return {
      own,
      there: local ?? { ...own, line: line ?? found.line, literal: false, ...(name === undefined ? {} : { name }) },
    };
  }
  const inputs = inputsOf(row, claim).get('') ?? {};
  if (valueAt(inputs, pointer) === undefined) return { here: own, own };
  const [top = ''] = stepsOf(pointer);
  const explained = reader.explained(row, claim).get(top);
  if (explained === undefined) return { own, there: { ...own, literal: false } };
  const said = reader.look(explained.file, path);
  const local =
    said.from?.kind === 'local' && said.from.name !== undefined
      ? localPlace(reader, explained.file, said.from.name)
      : undefined;
  if (local !== undefined) return { own, there: local };
  const literal = explained.file !== file && said.kind === 'literal';
  return { own, there: { file: explained.file, pointer: path, line: literal ? said.line : explained.line, literal } };
}

/** `local.region` of the same file, where that is a literal. */
function localPlace(reader: PlaceReader, file: string, name: string): InputPlaces['there'] {
  const [, ...steps] = name.split('.');
  const pointer = pointerOf(['locals', ...steps]);
  const found = reader.look(file, pointer);
  return found.kind === 'literal' ? { file, pointer, line: found.line, literal: true, name } : undefined;
}

function inRoot({ reader, row, deployment, pointer }: PlacesQuery): InputPlaces {
  const { module, files, places } = reader.root(row, deployment);
  const { main } = reader.estate;
  const [name = '', ...rest] = stepsOf(pointer);
  const variable = module?.variables.get(name);
  if (module === undefined || variable === undefined) return { none: `its module declares no variable \`${name}\`` };
  const varFiles = (files.find((one) => one.name === deployment)?.varFiles ?? []).filter(
    (file) => main.setBeside?.(file) === undefined,
  );
  const last = varFiles.at(-1);
  const [deciding] = places?.get(name) ?? [];
  const asDefault = pointerOf(['variable', name, 'default', ...rest]);
  const own = last === undefined ? undefined : { file: last, pointer, line: reader.look(last, pointer).line };
  const withOwn = own === undefined ? {} : { own };
  const isDefault = deciding === undefined || deciding.file === variable.file;
  const place = isDefault
    ? { file: variable.file, pointer: asDefault, line: reader.look(variable.file, asDefault).line }
    : { file: deciding.file, pointer, line: deciding.line };
  if (place.file.includes(':')) return { none: 'it is declared in another repository' };
  if (deciding === undefined) return own === undefined ? { here: place } : { here: own, own };
  // A default is there to be said otherwise, where a deployment has a place of its own.
  if (isDefault && own !== undefined) return { here: own, own };
  if (isDefault && files.length > 1) return { there: { ...place, literal: true } };
  return { here: place, ...withOwn };
}
