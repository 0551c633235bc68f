import { sha256 } from '../../model/digest.ts';
import type { EarlierPlaces } from '../../report/draw/layout/earlier-places.ts';
import type { EngineContext } from '../context.ts';
import { newestPublished } from '../versions/newest.ts';
import type { LoadedView } from '../view/view.ts';

/**
 * Where the boxes of one picture stood when it was drawn last, whoever asked: a component keeps its place from version to
 * version. Kept beside the graph and in no hash; where it is lost the picture is laid out anew.
 */
export class PicturePlaces {
  readonly #context: EngineContext;
  readonly #name: string;
  #text = '';

  /** @param choice everything that tells one picture from another, but for the moment it is of */
  constructor(context: EngineContext, choice: unknown) {
    this.#context = context;
    this.#name = `places-${sha256(JSON.stringify(choice)).slice(0, 32)}`;
  }

  load(): EarlierPlaces | undefined {
    const file = this.#context.cache.files.open(this.#name);
    if (file === undefined) return undefined;
    this.#text = new TextDecoder().decode(file.read(0, file.size));
    return placesIn(this.#text);
  }

  /** Keeps the places of the estate as it is now; an earlier version is drawn by them and moves nothing. */
  async keep(view: LoadedView, places: EarlierPlaces): Promise<void> {
    const text = JSON.stringify(places);
    if (text === this.#text || !(await isOfNow(this.#context, view))) return;
    this.#context.cache.files.write(this.#name, [new TextEncoder().encode(text)]);
  }
}

async function isOfNow(context: EngineContext, { kind, position }: LoadedView): Promise<boolean> {
  if (kind !== 'version') return kind === 'worktree';
  const newest = await newestPublished(context);
  return newest !== undefined && position === `v${newest.version}`;
}

/** Undefined for what is no such document: somebody else's file, half of one, one of another Karma. */
function placesIn(text: string): EarlierPlaces | undefined {
  try {
    const read = JSON.parse(text) as Partial<EarlierPlaces> | null;
    if (typeof read?.added !== 'number' || typeof read.lanes !== 'object' || read.lanes === null) return undefined;
    const whole = Object.values(read.lanes).every(
      (lane) =>
        Object.values(lane.boxes).every(areNumbers) &&
        Object.values(lane.passes).every((some) => some.every(areNumbers)),
    );
    return whole ? (read as EarlierPlaces) : undefined;
  } catch {
    return undefined;
  }
}

function areNumbers(pair: readonly unknown[]): boolean {
  return pair.length === 2 && pair.every((one) => Number.isInteger(one) && (one as number) >= 0);
}
