import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import { ModuleLoader } from '../../infer/terraform/load-module.ts';
import { outputShapesOf } from '../../infer/terraform/output-shapes.ts';
import type { ComponentId } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';
import type { OutputShape } from '../../model/output-shape.ts';

type Shapes = ReadonlyMap<string, OutputShape> | undefined;

/** The shapes of components' outputs at one end; each module is read once. Needs `await loadGrammar()` before. */
export function shapesAt({ graph }: RangeEnd, view: EstateView): (id: ComponentId) => Shapes {
  const loader = new ModuleLoader();
  const known = new Map<string, Shapes>();
  return (id) => {
    const node = graph.node(id);
    const key = node === undefined ? '' : graph.component(node).module;
    if (key === '') return undefined;
    if (!known.has(key)) known.set(key, read(loader, view, key));
    return known.get(key);
  };
}

/** A module by its key: `path`, or `repo:path` in another repository. */
function read(loader: ModuleLoader, view: EstateView, key: string): Shapes {
  const cut = key.indexOf(':');
  const repository = cut < 0 ? view.main : view.repos.get(key.slice(0, cut));
  return repository === undefined ? undefined : outputShapesOf(loader, repository, key.slice(cut + 1));
}
