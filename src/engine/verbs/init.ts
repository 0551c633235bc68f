import { readKarmaFile } from '../../config/karma-file.ts';
import { object } from '../../config/shape-parts.ts';
import type { ComponentRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';
import { environmentPatterns } from '../first-file/environment-patterns.ts';
import { type FirstLine, karmaYaml, yamlText } from '../first-file/karma-yaml.ts';
import { varFilePatterns } from '../first-file/var-file-patterns.ts';
import { loadView } from '../view/load-view.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import { unnamedSiblings } from '../view/unnamed-siblings.ts';
import { type LoadedView, stampOf, type ViewStamp } from '../view/view.ts';
import { defineVerb } from './verb.ts';

export interface FirstFile {
  readonly view: ViewStamp;
  /** Where it belongs, from the estate's root. */
  readonly file: 'karma.yaml';
  /** The estate's root on this machine. */
  readonly root: string;
  /** One that is there already, whoever's. */
  readonly exists?: string;
  readonly text: string;
  readonly lines: readonly FirstLine[];
}

/**
 * A first `karma.yaml` from what was recognised. It says what is found without it, so the graph stays; only repositories that
 * lie beside the estate and that components look into in vain are new.
 * @throws KARMA_NO_ESTATE where nothing is recognised
 */
export async function firstFile(context: EngineContext): Promise<FirstFile> {
  const view = await loadView(context, undefined, { needsEstate: true, needsClaims: true });
  const { estate } = view;
  const rows = ownComponents(view);
  if (estate === undefined || rows.length === 0)
    throw new KarmaError('KARMA_NO_ESTATE', 'no component is recognised here, so there is nothing to say of it', {
      hint: '`karma doctor` says what was looked for and passed over; `-C` names another folder',
    });
  const lines = [
    estateLine(estate),
    ...layoutLine(estate, rows),
    ...environmentLines(rows),
    ...repositoryLines(context, view, estate),
    ...varFileLines(estate, rows),
  ];
  const text = karmaYaml(lines);
  // What this program writes it must be able to read.
  if (readKarmaFile('karma.yaml', text) === undefined)
    throw new KarmaError('KARMA_BUG', 'the first karma.yaml that was made is none');
  const { root, main } = estate.observation;
  const there = estate.karmaFile?.file ?? ['karma.yaml', '.karma.yaml'].find((file) => main.view.isFile(file));
  return {
    view: stampOf(view),
    file: 'karma.yaml',
    root: root.folder,
    ...(there === undefined ? {} : { exists: there }),
    text,
    lines,
  };
}

function ownComponents({ graph }: LoadedView): ComponentRow[] {
  const rows: ComponentRow[] = [];
  for (let node = 0; node < graph.size; node++) {
    const { kind, external } = graph.head(node);
    if (kind === 'component' && !external) rows.push(graph.component(node));
  }
  return rows;
}

function estateLine({ name, karmaFile }: OpenedEstate): FirstLine {
  const reason = karmaFile === undefined ? 'the name of the repository or folder' : 'as it is called now';
  return { key: 'estate', value: yamlText(name), reason };
}

const nouns = { adage: 'component', terragrunt: 'unit', terraform: 'root module' } as const;

function layoutLine({ view }: OpenedEstate, rows: readonly ComponentRow[]): FirstLine[] {
  const counts = [...Map.groupBy(rows, ({ layout }) => layout)].sort(([a], [b]) => byCodeUnit(a, b));
  const seen = counts.map(([layout, all]) => many(all.length, nouns[layout]));
  const given = view.settings.layouts;
  const names = given ?? counts.map(([layout]) => layout);
  return [
    {
      key: 'layouts',
      value: `[${names.join(', ')}]`,
      reason: `${seen.join(', ')}; without this line other layouts are recognised, too`,
    },
  ];
}

function environmentLines(rows: readonly ComponentRow[]): FirstLine[] {
  const byPath = rows.filter(({ layout }) => layout !== 'adage');
  return environmentPatterns(byPath).map(({ pattern, environment, counts }) => ({
    key: 'environments/-',
    value:
      environment === undefined
        ? yamlText(pattern)
        : `{ pattern: ${yamlText(pattern)}, environment: ${yamlText(environment)} }`,
    reason: `the path says it: ${[...counts].map(([name, count]) => `${name} (${many(count, 'component')})`).join(', ')}`,
  }));
}

function repositoryLines(context: EngineContext, { built }: LoadedView, estate: OpenedEstate): FirstLine[] {
  const readers = new Map<string, string[]>();
  for (const { component, readSet } of built?.resolver.allClaims() ?? [])
    for (const file in readSet.files)
      if (file.startsWith('openapi/')) readers.set(file, [...(readers.get(file) ?? []), component.id]);
  const named = (estate.karmaFile?.repositories ?? []).flatMap(({ name, path }) =>
    path === undefined ? [] : [{ name, path, reason: 'as it is named now' }],
  );
  const beside = unnamedSiblings(estate, (place) => readers.get(place) ?? [], context.env).map(
    ({ folder, name, documents, components }) => ({
      name,
      path: folder,
      reason: `it lies beside this one and holds what ${shortly(components)} looks for: openapi/${shortly(documents)}`,
    }),
  );
  return [...named, ...beside].map(({ name, path, reason }) => ({
    key: `repositories/${name.replaceAll('/', '~1')}`,
    value: yamlText(path),
    reason,
  }));
}

function varFileLines({ view }: OpenedEstate, rows: readonly ComponentRow[]): FirstLine[] {
  const given = view.settings.varFiles;
  if (given !== undefined)
    return given.map((pattern) => ({
      key: 'terraform/varFiles/-',
      value: yamlText(pattern),
      reason: 'as it is said now',
    }));
  const roots = rows.filter(({ layout, path }) => layout === 'terraform' && !path.includes(':'));
  const folders = roots.map(({ path }) => (path === '.' ? '' : path));
  return varFilePatterns(view.main, folders).map(({ pattern, deployments }) => ({
    key: 'terraform/varFiles/-',
    value: yamlText(pattern),
    reason: [...deployments]
      .slice(0, 3)
      .map(([root, names]) => `${root === '' ? 'the root' : root} has ${names.join(', ')}`)
      .join('; '),
  }));
}

function shortly(names: readonly string[]): string {
  const [first = '', ...more] = names;
  return more.length === 0 ? first : `${first} (and ${more.length} more)`;
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export const initVerb = defineVerb({
  about: 'A first karma.yaml from what was recognised, each line with its reason. It is not written.',
  query: object('Nothing more.', {}),
  writes: 'nothing',
  run: (context) => firstFile(context),
});
