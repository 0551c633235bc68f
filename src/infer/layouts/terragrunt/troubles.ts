import { lineOfBadByte } from '../../../hcl/encrypted.ts';
import type { Block } from '../../../hcl/tree.ts';
import { isUnknown } from '../../../hcl/value.ts';
import type { ClaimBlindSpot } from '../../../model/claim.ts';
import type { ComponentId } from '../../../model/component.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Finding } from '../../../model/finding.ts';
import { type FindingCode, findingKinds } from '../../../model/finding-codes.ts';
import { isConfiguration } from '../../terraform/module-files.ts';
import { blocksTwice } from './block-twice.ts';
import type { Consumption } from './consumption.ts';
import type { Dependencies } from './dependency-blocks.ts';
import type { Frame } from './frame.ts';
import type { GeneratedFile } from './generated-files.ts';
import type { Layer } from './layers.ts';
import type { ModuleReference } from './module-reference.ts';
import { evidenceAt } from './needs.ts';
import { folderOf, nameOf, resolve } from './paths.ts';

export interface Troubles {
  readonly findings: Finding[];
  readonly blindSpots: ClaimBlindSpot[];
}

/** What of a unit could not be read or evaluated. Each may hide a reference, so each is a blind spot too. */
export function unitTroubles(
  id: ComponentId,
  unit: Frame,
  layers: readonly Layer[],
  facts: {
    readonly dependencies: Dependencies;
    readonly consumption: Consumption;
    readonly module: ModuleReference | undefined;
    readonly file: string;
    readonly generated: readonly GeneratedFile[];
  },
): Troubles {
  const { dependencies, consumption, module, file, generated } = facts;
  const troubles: Troubles = { findings: [], blindSpots: [] };
  const note: Note = (code, key, message, evidence, blind = true) => {
    troubles.findings.push({
      code,
      severity: findingKinds[code].severity,
      subject: id,
      key,
      message,
      evidence: [evidence],
    });
    if (blind) troubles.blindSpots.push({ component: id, code, evidence });
  };
  for (const { frame } of layers)
    for (const [index, { at, message }] of frame.source.errors.slice(0, 20).entries()) {
      const { expression: _text, ...evidence } = evidenceAt(frame, 'unit', `line ${at.line}`, at);
      note('hcl-unreadable', `${evidence.file}#${index}`, message, evidence);
    }
  for (const { frame } of layers)
    for (const { site, at, message } of blocksTwice(frame.source)) {
      const { expression: _text, ...evidence } = evidenceAt(frame, 'unit', site, at);
      note('block-twice', `${evidence.file} ${site}`, message, evidence, false);
    }
  for (const { label, path, contents, frame, at } of generated) {
    const unseen = contents === undefined || (isUnknown(contents) && contents.text === undefined);
    if (!unseen || (typeof path === 'string' && !isConfiguration(nameOf(path)))) continue;
    const site = `generate.${label}.contents`;
    const why = contents !== undefined && isUnknown(contents) ? contents.reason : 'it does not evaluate';
    note('evaluation-failed', site, `${site}: ${why}`, evidenceAt(frame, 'unit', site, at));
  }
  for (const { frame } of layers) {
    const file = unit.session.estate.paths.inView(frame.at.file);
    const evidence = { rule: 'unit', site: file, file, line: lineOfBadByte(frame.source.text) ?? 1 };
    if (frame.source.encrypted === true)
      note('file-encrypted', file, `${file} is encrypted: what it says is unknown`, evidence);
    else if (lineOfBadByte(frame.source.text) !== undefined)
      note('not-utf8', file, `${file} holds bytes that are not UTF-8`, evidence, false);
  }
  for (const include of unit.includes) {
    const site = include.name === '' ? 'include.path' : `include.${include.name}.path`;
    const at = include.block.body.attributes.get('path')?.at ?? include.block.at;
    const evidence = evidenceAt(unit, 'include', site, at);
    if (include.trouble !== undefined)
      note(include.trouble.code, site, `${site}: ${include.trouble.message}`, evidence);
    else if (unit.included(include) === undefined) {
      const path = unit.session.estate.paths.inView(include.path ?? '');
      note('include-missing', site, `there is no ${path} to include`, evidence);
    } else nestedIncludes(unit, include.path ?? '', unit.included(include), note);
  }
  const own = folderOf(unit.at.config);
  const itself = (name: string, frame: Frame, block: Block, path: string | undefined): void => {
    if (path === undefined || resolve(own, path) !== own) return;
    const site = `dependency.${name}.config_path`;
    const at = block.body.attributes.get('config_path')?.at ?? block.at;
    note(
      'cycle',
      site,
      `dependency ${name} leads to the unit itself`,
      evidenceAt(frame, 'dependency', site, at),
      false,
    );
  };
  for (const { name, frame, block, path, enabled, trouble, unclear } of dependencies.blocks.values()) {
    if (unclear !== undefined) {
      const site = `dependency.${name}.enabled`;
      const at = block.body.attributes.get('enabled')?.at ?? block.at;
      note(unclear.code, site, `${site}: ${unclear.message}`, evidenceAt(frame, 'dependency', site, at));
    }
    if (enabled !== false) itself(name, frame, block, path);
    if (enabled !== false && path !== undefined && namesFile(unit, path)) {
      const site = `dependency.${name}.config_path`;
      const at = block.body.attributes.get('config_path')?.at ?? block.at;
      const message = `${site} names a file: Terragrunt reads the outputs and does not run that unit first`;
      note('dependency-unordered', site, message, evidenceAt(frame, 'dependency', site, at), false);
    }
    if (trouble === undefined || enabled === false) continue;
    const site = `dependency.${name}.config_path`;
    const at = block.body.attributes.get('config_path')?.at ?? block.at;
    note(trouble.code, site, `${site}: ${trouble.message}`, evidenceAt(frame, 'dependency', site, at));
  }
  for (const { trouble, frame, site, at } of dependencies.troubles)
    note(
      trouble.code,
      `${site}:${at.line}`,
      `${site}: ${trouble.message}`,
      evidenceAt(frame, site.startsWith('dependency.') ? 'dependency' : 'dependencies', site, at),
    );
  const declared = new Set(layers.flatMap(({ frame }) => dependencyLabels(frame)));
  for (const [name, reads] of consumption) {
    const [first] = reads;
    if (name === '*' || first === undefined || declared.has(name)) continue;
    const evidence = evidenceAt(first.frame, 'dependency', first.read.site, first.read.at);
    note('hcl-undeclared-reference', `dependency.${name}`, `there is no dependency block ${name}`, evidence);
  }
  if (unit.source.text === '' && !unit.session.view.isFile(file))
    note('module-not-read', 'unit', 'the source that a stack makes this unit from is not at hand', {
      rule: 'unit',
      site: 'unit',
      file,
    });
  else moduleTroubles(module, note);
  return troubles;
}

/** A `config_path` that leads to the configuration itself, not to its folder. */
function namesFile(unit: Frame, path: string): boolean {
  const name = nameOf(path);
  return name === unit.session.estate.unitFile || name === 'terragrunt.hcl.json';
}

function dependencyLabels({ source }: Frame): string[] {
  return source.body.blocks.flatMap(({ type, labels }) => (type === 'dependency' ? labels.slice(0, 1) : []));
}

type Note = (code: FindingCode, key: string, message: string, evidence: Evidence, blind?: boolean) => void;

function moduleTroubles(module: ModuleReference | undefined, note: Note): void {
  if (module?.frame === undefined || module.at === undefined) return;
  const evidence = evidenceAt(module.frame, 'module', 'terraform.source', module.at);
  const { source, ref, trouble, place, remote, floating } = module;
  const shown = ref === undefined ? source : `${source}?ref=${ref}`;
  if (trouble !== undefined && !remote) note('module-missing', source, trouble, evidence);
  else if (trouble !== undefined)
    note('evaluation-failed', 'terraform.source', `terraform.source: ${trouble}`, evidence);
  else if (place === undefined) note('module-not-read', shown, `the module ${shown} lies elsewhere`, evidence);
  if (floating) note('module-source-floating', source, `${shown} may be another module tomorrow`, evidence, false);
}

/** Terragrunt follows one level of includes; what is included beyond is not read, and a circle is named as one. */
function nestedIncludes(unit: Frame, path: string, included: Frame | undefined, note: Note): void {
  for (const block of included?.source.body.blocks ?? []) {
    if (block.type !== 'include' || included === undefined) continue;
    const site = `include.${block.labels[0] ?? ''}`;
    const circle = path === unit.at.config;
    const message = circle ? 'a unit that includes itself' : 'an included file includes another: one level is followed';
    note(
      circle ? 'include-loop' : 'evaluation-failed',
      `nested:${site}`,
      message,
      evidenceAt(included, 'include', site, block.at),
    );
  }
}
