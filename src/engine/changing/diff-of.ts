import type { Change } from '../../change/change.ts';
import { readJson } from '../../config/json-document.ts';
import { readYaml } from '../../config/yaml-document.ts';
import type { Graph } from '../../graph/graph.ts';
import { innerExpressions } from '../../hcl/inner-expressions.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import type { Expression } from '../../hcl/tree.ts';
import { sensitiveKeys } from '../../infer/layouts/adage/sensitive-keys.ts';
import { parseTerraform } from '../../infer/terraform/load-module.ts';
import { valueAt } from '../../model/pointer.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { findSecrets, redacted } from '../../model/secrets/values.ts';
import { diffText, treeChanges } from '../../observe/git/content-commit.ts';
import type { EngineContext } from '../context.ts';
import type { LoadedView } from '../view/view.ts';
import { type OpenedChanges, viewAt } from './opened-changes.ts';

/** More of a difference nobody reads, in bytes. */
const longestDiff = 8 * 1024 * 1024;

/**
 * The difference of two commits as text, fit to be shown: what a type declares to be sensitive, what is called like a secret and what
 * looks like one is replaced. Where the value of a sensitive variable goes over several lines the whole file is left out.
 */
export async function shownDiff(
  context: EngineContext,
  opened: OpenedChanges,
  { base: before, head: after }: Pick<Change, 'base' | 'head'>,
): Promise<string> {
  const { repository, root } = opened;
  const within = root.scope === '' ? '' : `${root.scope}/`;
  const paths = (await treeChanges(repository, before, after)).flatMap(({ path }) =>
    path.startsWith(within) ? [path.slice(within.length)] : [],
  );
  const views = [await viewAt(context, opened, before), await viewAt(context, opened, after)];
  await loadGrammar();
  const names = new Set(views.flatMap(({ graph }) => sensitiveVariables(graph)));
  const secrets = new Set(
    views.flatMap((view) => paths.flatMap((path) => [...secretsIn(view, path), ...defaultsIn(view, path, names)])),
  );
  const text = await diffText(repository, before, after, longestDiff);
  const parts = text.split(/^(?=diff --git )/m).map((part) => hideVariables(part, names));
  let shown = parts.join('');
  // The longest first: one may be part of another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length))
    shown = shown.replaceAll(secret, `"${redacted}"`);
  return hideInText(shown);
}

/** Secrets of a document as they are written in it: quoted texts, and whole values. */
function secretsIn({ estate }: LoadedView, path: string): readonly string[] {
  const view = estate?.view.main;
  const text = /\.(?:json|ya?ml)$/.test(path) ? view?.read(path) : undefined;
  if (estate === undefined || text === undefined) return [];
  if (!path.endsWith('.json')) {
    // What only one of several documents holds is a secret too.
    return text.split(/^---(?=\s|$)/m).flatMap((document) => secretsOf(readYaml(document).value));
  }
  const { value } = readJson(text);
  const type = /^iac\/[^/]+\/([^/]+)\/[^/]+\/config\.json$/.exec(path)?.[1];
  return secretsOf(value, type === undefined ? [] : sensitiveKeys(estate.view, type, value));
}

function secretsOf(value: unknown, sensitive: readonly string[] = []): readonly string[] {
  const pointers = [...findSecrets(value).map(({ pointer }) => pointer), ...sensitive];
  return pointers.flatMap((pointer) => leavesOf(valueAt(value, pointer)));
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string')
    return value === '' ? [] : [JSON.stringify(value), ...(value.length >= 6 ? [value] : [])];
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(leavesOf);
  // A short number or a word stands in too many places to be replaced everywhere; a long one is worth it.
  return typeof value === 'number' && String(value).length >= 6 ? [String(value)] : [];
}

/** What a module itself gives its sensitive variables, in whichever of its files one says that it is. */
function defaultsIn({ estate }: LoadedView, path: string, names: ReadonlySet<string>): readonly string[] {
  const text = /\.(?:tf|tofu)(?:\.json)?$/.test(path) ? estate?.view.main.read(path) : undefined;
  if (text === undefined) return [];
  const { blocks } = parseTerraform(text, path).body;
  return blocks.flatMap(({ type, labels, body }) => {
    const given = type === 'variable' ? body.attributes.get('default')?.value : undefined;
    const isSaid = ['sensitive', 'ephemeral'].some((name) => {
      const value = body.attributes.get(name)?.value;
      return value?.kind === 'literal' && String(value.value) === 'true';
    });
    return given !== undefined && (isSaid || names.has(labels[0] ?? '')) ? textsIn(given) : [];
  });
}

/** Of a text over several lines each one: they stand apart in a difference. */
function textsIn(expression: Expression): string[] {
  const own =
    expression.kind === 'literal'
      ? leavesOf(expression.value)
      : expression.kind === 'template'
        ? expression.parts.flatMap((part) => (part.kind === 'text' ? part.text.split('\n').flatMap(leavesOf) : []))
        : [];
  return [...own, ...innerExpressions(expression).flatMap(textsIn)];
}

function sensitiveVariables(graph: Graph): string[] {
  return [...graph.types().values()].flatMap(({ variables }) =>
    variables.flatMap(({ name, sensitive }) => (sensitive ? [name] : [])),
  );
}

/** In files that give variables their values. */
function hideVariables(part: string, names: ReadonlySet<string>): string {
  if (names.size === 0 || !/^diff --git .*\.(?:hcl|tf|tofu|tfvars|json|ya?ml)"?$/m.test(part)) return part;
  const given = /^([+\- ]\s*"?([\w-]+)"?\s*[=:]\s*)(.*)$/;
  let isOpen = false;
  const lines = part.split('\n').map((line) => {
    const [, before = '', name = '', value = ''] = given.exec(line) ?? [];
    if (!names.has(name)) return line;
    if (/[[{(]\s*$|<<-?~?\s*\w+\s*$|^[|>]/.test(value.trim())) isOpen = true;
    return `${before}"${redacted}"`;
  });
  if (!isOpen) return lines.join('\n');
  return `${lines[0] ?? ''}\n(not shown: the value of a sensitive variable goes over several lines)\n`;
}
