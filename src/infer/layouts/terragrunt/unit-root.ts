import type { Value } from '../../../hcl/value.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import { consumptionOf } from '../../terraform/consumption.ts';
import type { FileAccount } from '../../terraform/file-account.ts';
import { ModuleInstance } from '../../terraform/instance.ts';
import type { ModuleCall } from '../../terraform/module.ts';
import { type Backend, backendOf } from '../terraform/backend-config.ts';
import type { EvaluatedRoot } from '../terraform/deployment.ts';
import { moduleElsewhere } from '../terraform/reads.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';
import type { ModuleAsRun } from './module-as-run.ts';
import type { UnitModule } from './unit-modules.ts';
import type { UnitState } from './unit-state.ts';
import { unitVariables } from './unit-variables.ts';

/**
 * A unit's module evaluated with its inputs. Undefined where the module has nothing to do with others: most have not, and then
 * nothing needs to be evaluated.
 */
export function unitRoot(
  unit: Frame,
  layers: readonly Layer[],
  parts: {
    readonly module: UnitModule;
    readonly asRun: ModuleAsRun;
    readonly inputs: () => Value;
    readonly state: UnitState | undefined;
    readonly account: FileAccount;
  },
): EvaluatedRoot | undefined {
  const { module, asRun, inputs, state, account } = parts;
  const { loader, varFiles } = unit.session.estate.modules;
  const [shared] = module.analysis.closure.modules;
  const own = state === undefined && shared !== undefined && keepsState(shared.settings);
  const { joins } = module;
  if (!joins.reads && !joins.writes && !joins.files && !asRun.adds && !own) return undefined;
  const root = asRun.changed ? loader.load(asRun.view, asRun.path) : shared;
  if (root === undefined) return undefined;
  const reads = isFollowed(module, asRun);
  const instance = new ModuleInstance(root, {
    loader,
    view: asRun.view,
    account,
    variables: unitVariables(unit, layers, { inputs, view: asRun.view, folder: asRun.path, files: varFiles }),
    resolveModule: (call) => elsewhere(unit, call),
  });
  return {
    instance,
    consumption: reads ? consumptionOf(instance) : { reads: new Map(), failures: [] },
    backend: state === undefined ? ownBackend(instance) : backendIn(unit, state),
  };
}

/** Whether all that a module does with its inputs is looked at, for a unit of its own. */
export function isFollowed({ joins }: UnitModule, { adds }: ModuleAsRun): boolean {
  return joins.reads || joins.files || adds;
}

function elsewhere(unit: Frame, call: ModuleCall): { readonly view: FileView; readonly path: string } | undefined {
  const { session } = unit;
  const { view } = session.estate;
  return moduleElsewhere(call, view, {
    view(repo) {
      const found = repo === '' ? undefined : view.repos.get(repo);
      return repo === '' ? session.view : found === undefined ? undefined : session.foreign(found);
    },
    record: (found) => session.foreign(found),
  });
}

function keepsState({ backend, cloud }: ModuleInstance['module']['settings']): boolean {
  return backend !== undefined || cloud !== undefined;
}

/** Without `remote_state` the module's own backend block says where the state is, if it has one. */
function ownBackend(instance: ModuleInstance): Backend {
  if (keepsState(instance.module.settings)) return backendOf(instance, new Map());
  return { type: 'local', config: new Map(), address: undefined, file: undefined, line: undefined };
}

/** The backend that `remote_state` or a generated file configures. */
export function backendIn(unit: Frame, { backend, config, address, frame, line }: UnitState): Backend {
  const { paths, view } = unit.session.estate;
  const file = filePlace(view.main.repo, paths.inView((frame ?? unit).at.file));
  return { type: backend, config, address, file, line: line === 0 ? undefined : line };
}
