import type { Edit } from '../../edit/edit.ts';
import { editEach } from '../../edit/edit-each.ts';
import { severalDeployments } from '../../graph/deployments.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { canonicalJson, type Json } from '../../model/digest.ts';
import type { EstateView } from '../../model/estate.ts';
import { pointerOf, stepsOf, valueAt } from '../../model/pointer.ts';
import type { Seal } from '../../model/record.ts';
import { EstateClaims } from '../view/estate-claims.ts';
import { editedEstate } from './edited-estate.ts';
import type { EvaluatedView } from './evaluated-view.ts';
import { type InputPlace, type InputPlaces, placesOfInput, unitFileOf } from './input-places.ts';
import { inputsOf, isJudged } from './judged-inputs.ts';
import { PlaceReader } from './place-reader.ts';

/**
 * Where an edit is made of what comes from elsewhere: nowhere, here all the same, or where it is said, with all that reads it
 * from there.
 */
export type EditWhere = 'refuse' | 'override' | 'there';

/** What is wanted of one component. */
export interface WantedEdit {
  readonly component: ComponentId;
  /** Of a root module that has several; else `''`. */
  readonly deployment: string;
  /** An input by pointer; the version of the module that a unit runs; or a version in the code of a root module. */
  readonly of: 'input' | 'source' | 'code';
  /** Into the inputs; into the code: `/module/vpc/source`. */
  readonly edit: Edit;
}

export interface RefusedEdit {
  readonly component: ComponentId;
  readonly deployment?: string;
  readonly pointer: string;
  /** A sentence; never a value. */
  readonly reason: string;
  /** Where it is said; undefined where that is nowhere. */
  readonly file?: string;
  readonly line?: number;
  /** Who else reads it from there. */
  readonly readers: readonly ComponentId[];
  readonly ways: readonly string[];
}

/** What else is not what it was, in the components that were not asked about. */
export interface AlsoChanged {
  readonly component: ComponentId;
  readonly deployment?: string;
}

export interface EditedText {
  readonly path: string;
  /** Undefined of a file that is new. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface MadeEdits {
  readonly files: readonly EditedText[];
  readonly refused: readonly RefusedEdit[];
  readonly also: readonly AlsoChanged[];
  /** The wanted edits that were made. */
  readonly made: readonly WantedEdit[];
}

/**
 * Finds the file and the literal that decides each thing that is wanted, in whichever layout, and edits it. What was made is
 * evaluated before it counts: an edit that does not come to what was asked for is refused, and taken back.
 */
export class EstateEdits {
  readonly #evaluated: EvaluatedView;
  readonly #seal: Seal;
  readonly #where: EditWhere;
  readonly #reader: PlaceReader;
  readonly #readers = new Map<string, readonly ComponentId[]>();

  constructor(evaluated: EvaluatedView, { seal, where }: { readonly seal: Seal; readonly where: EditWhere }) {
    this.#evaluated = evaluated;
    this.#seal = seal;
    this.#where = where;
    this.#reader = new PlaceReader(evaluated.estate.view);
  }

  async make(wanted: readonly WantedEdit[]): Promise<MadeEdits> {
    const refused: RefusedEdit[] = [];
    let left = wanted;
    for (;;) {
      const tried = this.#try(left);
      refused.push(...tried.refused);
      const made = tried.made;
      const texts = tried.texts;
      if (made.length === 0) return { files: [], refused, also: [], made: [] };
      const after = await this.#claimsAfter(texts);
      const idle = made.filter((one) => !this.#comesTo(one, after(one.component)));
      if (idle.length === 0) {
        const also = this.#alsoChanged(made, texts, after);
        const shared = this.#where === 'refuse' ? made.filter((one) => this.#isShared(one, also)) : [];
        if (shared.length === 0) return { files: this.#filesOf(texts), refused, also, made };
        refused.push(...shared.map((one) => this.#refusedAsShared(one, also)));
        left = made.filter((one) => !shared.includes(one));
        continue;
      }
      refused.push(
        ...idle.map((one) =>
          this.#refusal(
            one,
            this.#places(this.#reader, one),
            'it would not come to what is asked for: something else decides it as well',
          ),
        ),
      );
      left = made.filter((one) => !idle.includes(one));
    }
  }

  #try(wanted: readonly WantedEdit[]) {
    const texts = new Map<string, string>();
    const refused: RefusedEdit[] = [];
    const made: WantedEdit[] = [];
    for (const some of ofOneDeployment(wanted)) {
      const estate = texts.size === 0 ? this.#evaluated.estate.view : editedEstate(this.#evaluated.estate.view, texts);
      const reader = texts.size === 0 ? this.#reader : new PlaceReader(estate);
      const placed = some.map((one) => ({ one, places: this.#places(reader, one) }));
      const byFile = Map.groupBy(placed, ({ places }) => this.#chosen(places)?.file);
      for (const [file, these] of byFile) {
        if (file === undefined) refused.push(...these.map(({ one, places }) => this.#refusal(one, places)));
        else {
          const edited = this.#edit(estate, file, these);
          refused.push(...edited.refused);
          made.push(...edited.made);
          if (edited.after !== undefined) texts.set(file, edited.after);
        }
      }
    }
    return { texts, refused, made };
  }

  #edit(
    estate: EstateView,
    file: string,
    placed: readonly Placed[],
  ): { readonly after?: string; readonly refused: readonly RefusedEdit[]; readonly made: readonly WantedEdit[] } {
    const before = estate.main.read(file);
    if (before?.includes('\ufffd') !== false) {
      const why = before === undefined ? 'its file is not there' : 'its file holds bytes that are not UTF-8';
      return { refused: placed.map(({ one, places }) => this.#refusal(one, places, why)), made: [] };
    }
    const edits = placed.map(({ one, places }): Edit => {
      const path = this.#chosen(places)?.pointer ?? '';
      if (this.#inheritedAway(one, places)) return { path, set: null, override: true };
      return { ...one.edit, path, ...(this.#where === 'override' && !('ref' in one.edit) ? { override: true } : {}) };
    });
    const { bytes, refusals } = editEach({ path: file, bytes: new TextEncoder().encode(before) }, edits);
    const refused = placed.flatMap(({ one, places }, at) => {
      const refusal = refusals.get(edits[at] as Edit);
      if (refusal === undefined) return [];
      const { reason, line, ways } = refusal;
      return [{ ...this.#refusal(one, places, reason), file, line, ways }];
    });
    const made = placed.flatMap(({ one }, at) => (refusals.has(edits[at] as Edit) ? [] : [one]));
    const after = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return { refused, made, ...(after === before ? {} : { after }) };
  }

  /** A config does without what its parents say by `null` (RFC 7396). */
  #inheritedAway({ component, edit }: WantedEdit, places: InputPlaces): boolean {
    return (
      'unset' in edit &&
      this.#where === 'override' &&
      places.there !== undefined &&
      this.#row(component).layout === 'adage'
    );
  }

  #chosen(places: InputPlaces): InputPlace | undefined {
    if (places.here !== undefined) return this.#where === 'override' ? (places.own ?? places.here) : places.here;
    if (this.#where === 'override') return places.own;
    return this.#where === 'there' && places.there?.literal === true ? places.there : undefined;
  }

  #places(reader: PlaceReader, { component, deployment, of, edit }: WantedEdit): InputPlaces {
    const row = this.#row(component);
    const { estate } = reader;
    if (of === 'source') {
      const file = unitFileOf(estate, row);
      return file === undefined
        ? { none: 'its file is not in this repository' }
        : { here: { file, pointer: '/terraform/source', line: 1 } };
    }
    if (of === 'code') {
      const [type = '', name = ''] = stepsOf(edit.path);
      const file = estate.main
        .list(row.path)
        .map((entry) => (row.path === '' ? entry.name : `${row.path}/${entry.name}`))
        .find(
          (path) =>
            /\.(?:tf|tofu)$/.test(path) &&
            new RegExp(`^\\s*${escaped(type)}\\s+"${escaped(name)}"`, 'm').test(estate.main.read(path) ?? ''),
        );
      return file === undefined ? { none: 'no file of it says this' } : { here: { file, pointer: edit.path, line: 1 } };
    }
    const claim = this.#evaluated.claim(component);
    return placesOfInput({ reader, row, claim, deployment, pointer: edit.path });
  }

  #row(id: ComponentId): ComponentRow {
    const { graph } = this.#evaluated.view;
    return graph.component(graph.node(id) ?? -1);
  }

  async #claimsAfter(texts: ReadonlyMap<string, string>): Promise<(id: ComponentId) => Claim | undefined> {
    const claims = await EstateClaims.open(this.#seal);
    const view = editedEstate(this.#evaluated.estate.view, texts);
    return (id) => claims.find(id, view);
  }

  /** Whether what it evaluates to is what was asked for; what only a run knows and what is secret cannot be held to it. */
  #comesTo({ component, deployment, of, edit }: WantedEdit, claim: Claim | undefined): boolean {
    if (of !== 'input' || 'ref' in edit) return claim !== undefined;
    const row = this.#row(component);
    const inputs = inputsOf(row, claim);
    const given = inputs.get(deployment) ?? inputs.get('');
    if (given === undefined) return true;
    const value = valueAt(given, edit.path.replace(/\/-$/, ''));
    if ('unset' in edit)
      return value === undefined || value === null || this.#where === 'there' || row.layout === 'terraform';
    // A default is given by nobody: it stands in the module, and was read back there.
    if (value === undefined && row.layout === 'terraform') return true;
    if (edit.path.endsWith('/-') || (value !== undefined && !isJudged(value))) return true;
    return looksLike(value, edit.set);
  }

  /** What else evaluates to something else, of all that read one of the files. */
  #alsoChanged(
    made: readonly WantedEdit[],
    texts: ReadonlyMap<string, string>,
    after: (id: ComponentId) => Claim | undefined,
  ): AlsoChanged[] {
    const { view, claim } = this.#evaluated;
    const asked = new Set(made.map(({ component, deployment }) => `${component}\0${deployment}`));
    const also: AlsoChanged[] = [];
    for (const id of readersOf(view.graph, claim, texts.keys())) {
      const [was, is] = [claim(id)?.evaluated, after(id)?.evaluated];
      if (canonicalJson(was) === canonicalJson(is)) continue;
      const several = severalDeployments(this.#row(id));
      if (several.length === 0 && !asked.has(`${id}\0`)) also.push({ component: id });
      for (const deployment of several)
        if (!asked.has(`${id}\0${deployment}`) && canonicalJson(was?.[deployment]) !== canonicalJson(is?.[deployment]))
          also.push({ component: id, deployment });
    }
    return also;
  }

  /** A file of variables, and a default, may be read by deployments that nobody asked about. */
  #isShared({ component, of }: WantedEdit, also: readonly AlsoChanged[]): boolean {
    return of === 'input' && also.length > 0 && this.#row(component).layout === 'terraform';
  }

  #refusedAsShared(one: WantedEdit, also: readonly AlsoChanged[]): RefusedEdit {
    const places = this.#places(this.#reader, one);
    const names = also.map(({ component, deployment }) =>
      deployment === undefined ? component : `${component} @ ${deployment}`,
    );
    return {
      ...this.#refusal(
        one,
        { ...places, ...(places.here === undefined ? {} : { there: { ...places.here, literal: true } }) },
        'others read it from the same place',
      ),
      readers: names,
    };
  }

  #refusal(one: WantedEdit, places: InputPlaces, why?: string): RefusedEdit {
    const { component, deployment, edit } = one;
    const place = places.there ?? places.here;
    const reason = why ?? places.none ?? inWords(places);
    const readers = place === undefined ? [] : this.#readersOf(place.file).filter((id) => id !== component);
    return {
      component,
      ...(deployment === '' ? {} : { deployment }),
      pointer: edit.path,
      reason,
      ...(place === undefined ? {} : { file: place.file, line: place.line }),
      readers,
      ways: waysOut(places),
    };
  }

  #readersOf(file: string): readonly ComponentId[] {
    const known = this.#readers.get(file) ?? readersOf(this.#evaluated.view.graph, this.#evaluated.claim, [file]);
    this.#readers.set(file, known);
    return known;
  }

  #filesOf(texts: ReadonlyMap<string, string>): MadeEdits['files'] {
    const { main } = this.#evaluated.estate.view;
    return [...texts]
      .map(([path, after]) => ({ path, before: main.read(path) ?? '', after }))
      .filter(({ before, after }) => before !== after)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

interface Placed {
  readonly one: WantedEdit;
  readonly places: InputPlaces;
}

/** What follows one another and is of the same deployment: where one of it is said does not depend on the others. */
function ofOneDeployment(wanted: readonly WantedEdit[]): readonly (readonly WantedEdit[])[] {
  const all: WantedEdit[][] = [];
  for (const one of wanted) {
    const last = all.at(-1);
    const [before] = last ?? [];
    if (last !== undefined && before?.component === one.component && before.deployment === one.deployment)
      last.push(one);
    else all.push([one]);
  }
  return all;
}

function inWords({ there }: InputPlaces): string {
  if (there === undefined) return 'nothing says where it could be set';
  const named = there.name === undefined ? '' : `: ${there.name}`;
  return there.literal ? `it is not said here${named}` : `it is no literal here${named}`;
}

function waysOut({ there, own }: InputPlaces): string[] {
  if (there === undefined) return [];
  const where = `${there.file}:${there.line}`;
  return [
    there.literal
      ? `change it where it is said, ${where}, for all who read it (--there)`
      : `change what it comes from, ${where}`,
    ...(own === undefined ? [] : [`override it here, in ${own.file} (--override)`]),
  ];
}

/** Who read any of these files. */
function readersOf(
  graph: Graph,
  claim: (id: ComponentId) => Claim | undefined,
  files: Iterable<string>,
): ComponentId[] {
  const wanted = [...files];
  return graph.ids.filter((id) => {
    const read = claim(id)?.readSet.files;
    return read !== undefined && wanted.some((file) => Object.hasOwn(read, file));
  });
}

/** A value as a variable's type may convert it. */
function looksLike(value: unknown, wanted: Json): boolean {
  if (wanted === null) return value === null || value === undefined;
  if (typeof wanted !== 'object') return value !== undefined && value !== null && String(value) === String(wanted);
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(wanted))
    return (
      Array.isArray(value) &&
      value.length === wanted.length &&
      wanted.every((item, at) => looksLike(value[at], item as Json))
    );
  return Object.entries(wanted).every(([key, member]) => looksLike(valueAt(value, pointerOf([key])), member as Json));
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
