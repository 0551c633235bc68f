import { keySecrets } from '../../../config/secrets.ts';
import { isList, type Value } from '../../../hcl/value.ts';
import { blockObject } from './config-object.ts';
import type { Frame } from './frame.ts';
import { type GeneratedFile, type labelledBlocks, member } from './generated-files.ts';
import type { Layer } from './layers.ts';
import type { ModuleReference } from './module-reference.ts';
import { folderOf, resolve } from './paths.ts';
import { guardedPlain, plainValue } from './plain-value.ts';
import type { UnitState } from './unit-state.ts';

/**
 * What a unit comes to: everything that reaches Terraform, evaluated. Two of them are compared to tell whether a change
 * reaches the unit, so nothing of it may depend on where the repository lies or who reads it.
 */
export function evaluatedUnit(
  unit: Frame,
  layers: readonly Layer[],
  facts: {
    readonly inputs: () => Value;
    readonly module: ModuleReference | undefined;
    readonly state: UnitState | undefined;
    readonly files: readonly GeneratedFile[];
  },
): Record<string, unknown> {
  const { inputs, module, state, files } = facts;
  const whole: Record<string, unknown> = { inputs: guardedPlain(inputs) };
  if (module !== undefined && module.source !== '')
    whole.source = module.ref === undefined ? module.source : `${module.source}?ref=${module.ref}`;
  if (state !== undefined) whole.state = { backend: state.backend, config: plainValue(state.config) };
  if (files.length > 0)
    whole.generate = Object.fromEntries(
      files.map(({ label, path, contents }) => [
        label,
        { path: plainValue(path ?? null), contents: plainValue(contents ?? null) },
      ]),
    );
  const terraform = terraformSettings(unit, layers);
  if (Object.keys(terraform).length > 0) whole.terraform = terraform;
  const { keyed } = unit.session.estate.view;
  return keySecrets(whole, [], keyed ?? (() => '(secret)')) as Record<string, unknown>;
}

const inTerraform = ['before_hook', 'after_hook', 'error_hook', 'extra_arguments'] as const;

/** Hooks and further arguments; the files they name are read by other programs, so their content counts by digest. */
function terraformSettings(unit: Frame, layers: readonly Layer[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const type of inTerraform)
    for (const [label, { frame, block }] of innerBlocks(layers, type)) {
      const object = blockObject(frame, block);
      settings[`${type} ${label}`] = plainValue(object);
      for (const name of type === 'extra_arguments' ? ['required_var_files', 'optional_var_files'] : ['execute'])
        noteFiles(unit, member(object, name));
    }
  return settings;
}

function innerBlocks(layers: readonly Layer[], type: string): ReturnType<typeof labelledBlocks> {
  const found: ReturnType<typeof labelledBlocks> = new Map();
  for (const { frame } of layers)
    for (const outer of frame.source.body.blocks)
      if (outer.type === 'terraform')
        for (const block of outer.body.blocks) {
          const label = block.labels.join(' ');
          if (block.type === type && !found.has(label)) found.set(label, { frame, block });
        }
  return found;
}

/** Words of a command, or files of variables, that are files of the repository. */
function noteFiles(unit: Frame, words: Value | undefined): void {
  if (words === undefined || !isList(words)) return;
  for (const word of words)
    if (typeof word === 'string' && /[./]/.test(word) && !/[\s;|&$]/.test(word))
      unit.session.readByOthers(resolve(folderOf(unit.at.config), word));
}
