import type { Expression } from '../../../hcl/tree.ts';
import type { Value } from '../../../hcl/value.ts';
import type { FileView } from '../../../model/file-view.ts';
import { fits } from './fits.ts';
import { Meanings } from './meaning.ts';
import { codeOf, type Part } from './module-parts.ts';
import { type ModuleNode, modulesOf } from './module-tree.ts';
import { actsOnTheWorld, type Origin } from './spread.ts';

/** How a root module and those below it differ between two ends. */
export interface ModuleChanges extends Origin {
  /** Blocks, outputs of the root and conditions of the later end that are new or mean something else. */
  readonly parts: readonly string[];
  /** What differs, and means something else to none of those: locals, arguments, outputs of modules, by what they are. */
  readonly quiet: readonly Quiet[];
  /** Such things of the earlier end that are gone. */
  readonly gone: readonly string[];
  readonly acted: boolean;
  /** Something that gives nobody a value and still decides whether or how a run goes. */
  readonly decides: boolean;
  /** Something that may change everything: `terraform`, `moved`, `import` blocks, and those that nobody knows. */
  readonly everything: boolean;
}

export interface Quiet {
  readonly node: ModuleNode;
  readonly part: Part;
  /** Something meant the same at the earlier end, so it is evaluated as that was. */
  readonly known: boolean;
}

/**
 * What differs between two trees of modules. Compared is what parts mean: that a local is called otherwise or a module lies
 * elsewhere is no difference; with views, what files say is compared, not where they lie. Of a variable that is given a value at both ends the default means nothing.
 */
export function changesBetween(
  before: ModuleNode,
  after: ModuleNode,
  given: ReadonlySet<string>,
  views?: readonly [before: FileView, after: FileView],
): ModuleChanges {
  const [was, is] = [new Meanings(before, given, views?.[0]), new Meanings(after, given, views?.[1])];
  const old = new Map<string, readonly [ModuleNode, Part]>();
  for (const node of modulesOf(before)) for (const [id, part] of node.parts) old.set(node.prefix + id, [node, part]);
  const parts: string[] = [];
  const quiet: Omit<Quiet, 'known'>[] = [];
  const gone: string[] = [];
  const there = new Set<string>();
  let [acted, decides, everything] = [false, false, false];
  for (const node of modulesOf(after))
    for (const part of node.parts.values()) {
      const id = node.prefix + part.id;
      there.add(id);
      if (isRefused(part, node)) decides = true;
      const [oldNode, oldPart] = old.get(id) ?? [];
      const isSame = oldNode !== undefined && oldPart !== undefined && saysSame(was, oldNode, oldPart, is, node, part);
      if (isHandedOn(part, node)) {
        if (!isSame || oldPart?.code !== part.code) quiet.push({ node, part });
        continue;
      }
      if (part.kind === 'variable') {
        if (oldPart?.code !== part.code) quiet.push({ node, part });
        if (!isSame && part.required === true && !given.has(part.id.slice('var.'.length))) decides = true;
        continue;
      }
      if (isSame || is.holds(node, part)) continue;
      parts.push(id);
      if (part.kind === 'settings') everything = true;
      if (part.kind === 'condition') decides = true;
    }
  for (const [id, [node, part]] of old) {
    if (there.has(id)) continue;
    const isRoot = node.prefix === '';
    if (part.kind === 'settings' || part.kind === 'provider') everything = true;
    else if (isHandedOn(part, node)) {
      gone.push(part.id);
      continue;
    } else if (part.kind !== 'variable' || isRoot) decides = true;
    if (actsOnTheWorld(part) || part.kind === 'call') acted = true;
    // A module that is not at hand is called otherwise.
    if (part.kind === 'argument') parts.push(`${node.prefix}module.${part.call?.name}`);
  }
  // Of a module that is called for nothing no local is evaluated, so what stood in another one may fail here.
  const meant = new Set([...old.values()].map(([node, part]) => `${node.prefix} ${was.of(node, part)}`));
  const isKnown = ({ node, part }: Omit<Quiet, 'known'>) => {
    const meaning = is.of(node, part);
    if (meaning !== undefined && meant.has(`${node.prefix} ${meaning}`)) return true;
    return (part.kind === 'local' || part.kind === 'output') && is.isEvaluated(node, part);
  };
  return { parts, quiet: quiet.map((one) => ({ ...one, known: isKnown(one) })), gone, acted, decides, everything };
}

/** An argument that the module called does not take, or without one that it must be given. */
function isRefused({ kind, id, call }: Part, { children, parts }: ModuleNode): boolean {
  const child = call === undefined ? undefined : children.get(call.name);
  if (child === undefined || call === undefined) return false;
  if (kind === 'argument') return !child.module.variables.has(id.slice(id.indexOf('(') + 1, -1));
  const mustBe = [...child.module.variables.values()].filter((one) => one.default === undefined);
  return kind === 'call' && mustBe.some(({ name }) => !parts.has(`module.${call.name}(${name})`));
}

/**
 * Parts of a tree that mean something else because variables of the root are given other values: blocks, outputs of the root
 * and conditions. Undefined where that cannot be told, or a value is refused.
 */
export function changesByValues(
  tree: ModuleNode,
  view: FileView,
  [before, after]: readonly [before: ReadonlyMap<string, Value>, after: ReadonlyMap<string, Value>],
): readonly string[] | undefined {
  const none: ReadonlySet<string> = new Set();
  const [was, is] = [new Meanings(tree, none, view, before), new Meanings(tree, none, view, after)];
  for (const values of [before, after])
    for (const [name, value] of values) {
      const type = tree.module.variables.get(name)?.type;
      if (type !== undefined && !fits(type, value)) return undefined;
    }
  const parts: string[] = [];
  for (const node of modulesOf(tree))
    for (const part of node.parts.values()) {
      const meaning = was.of(node, part);
      if (meaning !== undefined && meaning === is.of(node, part)) continue;
      if (part.kind === 'variable' || isHandedOn(part, node)) {
        // Terraform evaluates it all the same, used or not.
        if (!is.isEvaluated(node, part)) return undefined;
      } else if (!is.holds(node, part)) parts.push(node.prefix + part.id);
    }
  return parts;
}

/** What only hands a value on: blocks, outputs and conditions that are given it mean something else if it does. */
export function isHandedOn({ kind, call }: Part, { prefix, children }: ModuleNode): boolean {
  if (kind === 'local') return true;
  if (kind === 'output') return prefix !== '';
  if (kind === 'variable') return prefix !== '';
  return (kind === 'call' || kind === 'argument') && call !== undefined && children.has(call.name);
}

function saysSame(was: Meanings, oldNode: ModuleNode, old: Part, is: Meanings, node: ModuleNode, part: Part): boolean {
  if (old.kind !== part.kind) return false;
  const before = was.of(oldNode, old);
  if (before !== undefined && before === is.of(node, part)) return true;
  // What is passed over from now on is as it was told to be until then.
  if (part.kind !== 'resource' || before === undefined) return false;
  const [ignored, ignores] = [ignoredBy(old), ignoredBy(part)];
  if (ignored === undefined || ignores === undefined || !ignored.every((one) => ignores.includes(one))) return false;
  if (!newlyIgnored(old, part).every((one) => isSetIn(part, one))) return false;
  const configured = was.ofConfigured(oldNode, old);
  return configured !== undefined && configured === is.ofConfigured(node, part);
}

function newlyIgnored(old: Part, part: Part): readonly Expression[] {
  const before = new Set(ignoredBy(old));
  return listOf(part).filter((one) => !before.has(codeOf(one)));
}

/** Whether what is ignored is set, so that its provider knows it: Terraform refuses what it does not. */
function isSetIn({ body, resource }: Part, expr: Expression): boolean {
  if (expr.kind === 'variable') {
    // This one is Terraform's own.
    if (resource?.type === 'terraform_data' && (expr.name === 'input' || expr.name === 'triggers_replace')) return true;
    const isBlock = (body?.blocks ?? []).some(({ type, labels }) => type === expr.name || labels[0] === expr.name);
    return isBlock || body?.attributes.has(expr.name) === true;
  }
  if (expr.kind !== 'access' || expr.on.kind !== 'variable') return false;
  const { step } = expr;
  const name = step.kind === 'attr' ? step.name : step.key.kind === 'literal' ? step.key.value : undefined;
  const value = body?.attributes.get(expr.on.name)?.value;
  return value?.kind === 'object' && value.items.some(({ key }) => key.kind === 'literal' && key.value === name);
}

function listOf({ body }: Part): readonly Expression[] {
  const value = (body?.blocks ?? [])
    .filter(({ type }) => type === 'lifecycle')
    .flatMap((block) => block.body.attributes.get('ignore_changes') ?? [])[0]?.value;
  return value?.kind === 'tuple' ? value.items : [];
}

/** What a block's `ignore_changes` lists, as written; undefined where it says more than one list. */
function ignoredBy({ body }: Part): readonly string[] | undefined {
  const all = (body?.blocks ?? [])
    .filter(({ type }) => type === 'lifecycle')
    .flatMap((block) => block.body.attributes.get('ignore_changes') ?? []);
  if (all.length > 1) return undefined;
  const value = all[0]?.value;
  if (value === undefined) return [];
  return value.kind === 'tuple' ? value.items.map(codeOf) : undefined;
}
