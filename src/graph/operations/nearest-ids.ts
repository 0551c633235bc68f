import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { editDistance } from '../../model/nearest.ts';

/** Only so many ids are compared letter by letter: of the nearest last steps those that share most of their steps. */
const compared = 64;

/**
 * The ids nearest to a path that nobody has. Most of two paths is mostly the same: what makes a slip of the finger is the last
 * step, so ids are found by theirs. O(ids) once; then O(different last steps) a name, which are short.
 */
export class NearestIds {
  readonly #byLastStep = new Map<string, ComponentId[]>();
  readonly #asked = new Map<string, readonly ComponentId[]>();

  constructor(ids: Iterable<ComponentId>) {
    for (const id of ids) {
      const step = lastStep(id);
      const same = this.#byLastStep.get(step);
      if (same === undefined) this.#byLastStep.set(step, [id]);
      else same.push(id);
    }
  }

  /** How many different names were asked for. */
  get asked(): number {
    return this.#asked.size;
  }

  has(wanted: string): boolean {
    return this.#asked.has(wanted);
  }

  /** At most three, nearest first. */
  to(wanted: string): readonly ComponentId[] {
    const known = this.#asked.get(wanted);
    if (known !== undefined) return known;
    const found = this.#find(wanted);
    this.#asked.set(wanted, found);
    return found;
  }

  #find(wanted: string): readonly ComponentId[] {
    const step = lastStep(wanted);
    const most = Math.max(1, Math.floor(step.length / 2));
    const alike = [...this.#byLastStep]
      .filter(([other]) => Math.abs(other.length - step.length) <= most)
      .map(([other, ids]) => ({ ids, other, distance: editDistance(step, other, most) }))
      .filter(({ distance }) => distance <= most)
      .sort((a, b) => a.distance - b.distance || byCodeUnit(a.other, b.other));
    const candidates: ComponentId[] = [];
    for (const { ids } of alike) if (candidates.length < compared) candidates.push(...mostShared(wanted, ids));
    const limit = Math.max(2, Math.floor(wanted.length / 3));
    return candidates
      .map((id) => ({ id, distance: editDistance(wanted, id, limit) }))
      .filter(({ distance }) => distance <= limit)
      .sort((a, b) => a.distance - b.distance || byCodeUnit(a.id, b.id))
      .slice(0, 3)
      .map(({ id }) => id);
  }
}

function mostShared(wanted: string, ids: readonly ComponentId[]): readonly ComponentId[] {
  if (ids.length <= compared) return ids;
  const steps = new Set(wanted.split('/'));
  return ids
    .map((id) => ({ id, shared: id.split('/').reduce((sum, step) => sum + (steps.has(step) ? 1 : 0), 0) }))
    .sort((a, b) => b.shared - a.shared || byCodeUnit(a.id, b.id))
    .slice(0, compared)
    .map(({ id }) => id);
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
