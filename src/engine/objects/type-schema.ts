import { editorSchema, type KnownKey } from '../../config/editor-schema.ts';
import { embeddedSchema } from '../../config/embedded-schema.ts';
import type { JsonObject } from '../../config/merge-patch.ts';
import { schemaChecker } from '../../config/schema-check.ts';
import { AdageEstate } from '../../infer/layouts/adage/estate.ts';
import { AdageTypes } from '../../infer/layouts/adage/types.ts';
import { inputSchemaOf } from '../../infer/terraform/input-schema.ts';
import { ModuleLoader } from '../../infer/terraform/load-module.ts';
import type { ComponentRow, TypeRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { EstateView } from '../../model/estate.ts';
import type { LoadedView } from '../view/view.ts';
import { DeclaredBeside } from './declared-beside.ts';
import { moduleAt } from './judged-inputs.ts';
import { shownSchema } from './shown-schema.ts';

/** The schema of one type's inputs, and which files it is about. */
export interface TypeSchema {
  readonly name: string;
  /** The module; a type of Adage may have none. */
  readonly module: string;
  /** Globs from the estate's root; none where no file holds its inputs as JSON. */
  readonly fits: readonly string[];
  readonly schema: Readonly<Record<string, unknown>>;
  /** Keys whose value is the nickname of another component of the same environment. */
  readonly references: readonly NamedReference[];
}

export interface NamedReference {
  readonly key: string;
  /** The type of what is meant. */
  readonly type: string;
}

/** Schemas of every type of a view, by name, then module. Needs `await loadGrammar()` once before. O(components + types). */
export function typeSchemas({ graph }: LoadedView, view: EstateView): readonly TypeSchema[] {
  const rows: ComponentRow[] = [];
  for (let node = 0; node < graph.size; node++) {
    const row = graph.component(node);
    if (row.kind === 'component' && !row.external) rows.push(row);
  }
  const [configs, others] = [rows.filter(isConfigured), rows.filter((row) => !isConfigured(row))];
  const types = graph.types();
  const found = [
    ...ofConfigs(view, configs, (row) => types.get(row.module)),
    ...ofVariables(view, others, (row) => types.get(row.module)),
  ];
  const shown = found.map((one) => ({ ...one, schema: shownSchema(one.schema) }));
  return shown.sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.module, b.module));
}

function isConfigured({ layout }: ComponentRow): boolean {
  return layout === 'adage';
}

type TypeOf = (row: ComponentRow) => TypeRow | undefined;

function ofConfigs(view: EstateView, rows: readonly ComponentRow[], typeOf: TypeOf): TypeSchema[] {
  if (rows.length === 0) return [];
  const types = new AdageTypes(new AdageEstate(view));
  const nicknames = Map.groupBy(rows, ({ type }) => type);
  const named = (type: string) => [...new Set((nicknames.get(type) ?? []).map((row) => row.nickname))].sort(byCodeUnit);
  return [...nicknames].map(([name, [row]]) => {
    const { schemas, declaration } = types.get(name);
    const type = row === undefined ? undefined : typeOf(row);
    const keys = new Map<string, KnownKey>();
    const references = new Map<string, string>();
    for (const { pointer, default: preset } of type?.configKeys ?? []) {
      const [, key = ''] = pointer.split('/');
      if (key === '' || key === '*' || keys.has(key)) continue;
      const isKey = pointer === `/${key}`;
      const of = /^(.*)_nickname$/.exec(key)?.[1]?.replaceAll('_', '-');
      const examples = of === undefined ? [] : named(of);
      if (of !== undefined && isKey && nicknames.has(of)) references.set(key, of);
      keys.set(key, { name: key, examples, ...(isKey && preset !== undefined ? { default: preset } : {}) });
    }
    // A variable called like a type is given what a component of it publishes: that one is named by the key of the same word.
    for (const { name: variable, type: takes } of type?.variables ?? []) {
      const to = variable.replaceAll('_', '-');
      if (nicknames.has(to) && !/^(string|number|bool)\b/.test(takes ?? '')) references.set(`${variable}_nickname`, to);
    }
    for (const [reference, { type: to, by = `${reference}_nickname` }] of Object.entries(declaration?.references ?? {}))
      if (!/[./]/.test(by)) {
        keys.set(by, { ...keys.get(by), name: by, examples: named(to) });
        references.set(by, to);
      }
    const known = [...keys.values()].sort((a, b) => byCodeUnit(a.name, b.name));
    const title = `the config of a ${name}`;
    const declared = schemas.filter(({ checker }) => checker.broken === undefined).map(({ schema }) => schema);
    return {
      name,
      module: row?.module ?? '',
      fits: [`iac/*/${name}/*/config.json`],
      schema: editorSchema(title, declared, known),
      references: [...references].map(([key, to]) => ({ key, type: to })).sort((a, b) => byCodeUnit(a.key, b.key)),
    };
  });
}

/** What a module's variables take, and what is declared beside it. No file must hold all of them, so none is required. */
function ofVariables(view: EstateView, rows: readonly ComponentRow[], typeOf: TypeOf): TypeSchema[] {
  const loader = new ModuleLoader();
  const beside = new DeclaredBeside(view);
  return [...Map.groupBy(rows, ({ module }) => module)].flatMap(([key, all]): TypeSchema[] => {
    const [row] = all;
    const module = moduleAt(view, loader, key);
    if (row === undefined || module === undefined) return [];
    const passing = all.some(({ layout }) => layout === 'terragrunt') ? 'environment' : 'converts';
    const { required: _required, ...schema } = inputSchemaOf(module, passing).schema;
    const declared = declaredPart(beside.of(row).declaration?.inputs);
    const name = typeOf(row)?.name ?? row.type;
    const roots = all.filter(({ layout, path }) => layout === 'terraform' && !path.includes(':'));
    const fits = roots.map(({ path }) => `${path === '' || path === '.' ? '' : `${path}/`}**/*.tfvars.json`);
    return [
      {
        name,
        module: key,
        fits: fits.sort(byCodeUnit),
        schema: { ...schema, title: `what ${name} takes`, ...declared },
        references: [],
      },
    ];
  });
}

function declaredPart(inputs: JsonObject | undefined): { readonly allOf?: readonly unknown[] } {
  if (inputs === undefined || schemaChecker(inputs).broken !== undefined) return {};
  const { required: _required, ...rest } = inputs;
  return { allOf: [embeddedSchema(rest, '#/allOf/0')] };
}
