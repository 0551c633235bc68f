import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, seededRandom } from '../random.ts';
import { askProgram, askRange, type Deployed, deployAll, type RangeSaid } from './answers.ts';
import { Checkout } from './checkout.ts';
import { moduleEdits } from './edits.ts';
import { fileEdits } from './file-edits.ts';
import type { OracleLayout, Places } from './layouts/layout.ts';
import { layouts } from './layouts/layouts.ts';
import type { GeneratedComponent, GeneratedEstate } from './model.ts';
import type { Ran } from './terraform.ts';

/** Something that Karma called untouched, or skipped, and that was not. */
export interface Wrong {
  readonly component: string;
  readonly said: 'untouched' | 'skipped';
  readonly text: string;
}

/** One edit, what Karma said of it and what there was to do. */
export interface Step {
  /** The kind of edit, and in words. */
  readonly kind: string;
  readonly edit: string;
  readonly wrong: readonly Wrong[];
  readonly components: number;
  /** Components that there was something to do for. */
  readonly moved: number;
  /** Not proved untouched although there was nothing to do. */
  readonly needless: readonly string[];
  /** Why, of each of those. */
  readonly whys: readonly string[];
  /** As another build of Karma says. */
  readonly needlessBefore: readonly string[];
  readonly possible: number;
  readonly possibleBefore: number;
  readonly complete: boolean;
  /** Run by a deploy with cutoff although there was nothing to do. */
  readonly needlessRuns: readonly string[];
  /** Of what was proved to have nothing to do: how many were planned. */
  readonly planned: number;
  /** The estate did not run after the edit, so it was taken back. */
  readonly refused: boolean;
}

export interface HistoryOptions {
  readonly layout: GeneratedEstate['layout'];
  readonly seed: number;
  readonly edits: number;
  /** An empty folder. */
  readonly place: string;
  /** Karma runs what there is to run, with cutoff; without, the oracle does. */
  readonly deploys: boolean;
  /** At most so many of the components that need not run are planned after an edit, by chance; default all. */
  readonly plans?: number;
  /** Fewer kinds of edits, by name. */
  readonly only?: readonly string[];
  /** Another build of Karma that is asked the same. */
  readonly program?: string;
}

/**
 * A generated estate under random edits, each a commit: what Karma says of the range is done with the real programs, and what it
 * proves untouched, or skips, must plan to nothing. The same seed gives the same history.
 */
export async function* playHistory(options: HistoryOptions): AsyncGenerator<Step> {
  const { layout: name, seed, edits: count, place, only } = options;
  const random = seededRandom(seed);
  const layout = layouts[name];
  const places = { estate: join(place, 'estate'), data: join(place, 'data'), own: join(place, 'own') };
  const history = new History(layout, places, options);
  let estate = layout.generate(random);
  // One that does not run as a whole tells nothing.
  while (!(await history.start(estate))) estate = layout.generate(random);
  const edits = { ...moduleEdits, ...fileEdits, ...layout.edits };
  // Half of the edits are of the layout: there are fewer kinds of them.
  const names = [Object.keys({ ...moduleEdits, ...fileEdits }), Object.keys(layout.edits)].map((all) =>
    all.filter((one) => only?.includes(one) ?? true),
  );
  for (let at = 0; at < count; ) {
    const next = structuredClone(estate);
    const kind = random.pick(names[random.below(3) === 0 ? 1 : 0] ?? []);
    const told = kind === undefined ? undefined : edits[kind]?.(next, random);
    if (kind === undefined || told === undefined || !history.differs(next)) continue;
    at += 1;
    const step = await history.follow(next, kind, told);
    yield step;
    if (step.refused) {
      if (!(await history.start(estate))) return;
    } else estate = next;
  }
  const left = await history.everything(estate);
  if (left.length > 0) yield { ...emptyStep, kind: 'the end', edit: 'everything runs once more', wrong: left };
}

const emptyStep: Omit<Step, 'kind' | 'edit'> = {
  wrong: [],
  components: 0,
  moved: 0,
  needless: [],
  whys: [],
  needlessBefore: [],
  possible: 0,
  possibleBefore: 0,
  complete: true,
  needlessRuns: [],
  planned: 0,
  refused: false,
};

/** What came of one component: nothing was to do, something was, or it did not work. */
type Truth = 'nothing' | 'something' | 'failed';

class History {
  readonly #layout: OracleLayout;
  readonly #places: Places;
  readonly #checkout: Checkout;
  readonly #options: HistoryOptions;
  readonly #runner;
  // Apart from the history's own, so that a history is the same however many are planned.
  readonly #sample: Random;

  constructor(layout: OracleLayout, places: Places, options: HistoryOptions) {
    this.#layout = layout;
    this.#places = places;
    this.#options = options;
    this.#checkout = new Checkout(places.estate);
    this.#runner = layout.runner(places);
    this.#sample = seededRandom(options.seed + 1_000_003);
  }

  differs(estate: GeneratedEstate): boolean {
    return this.#checkout.differs(this.#layout.files(estate));
  }

  /** Applies everything, until nothing is left to do. */
  async start(estate: GeneratedEstate): Promise<boolean> {
    this.#checkout.commit(this.#layout.files(estate));
    await this.#runner.prepare(estate);
    if (this.#options.deploys) {
      const members = await deployAll(this.#places, true);
      return members.every(({ state }) => state === 'finished' || state === 'skipped');
    }
    return (await this.#applyAll(estate, estate.components)).code === 0;
  }

  async follow(estate: GeneratedEstate, kind: string, edit: string): Promise<Step> {
    this.#checkout.commit(this.#layout.files(estate));
    const { program } = this.#options;
    const said = await askRange(this.#places);
    const before =
      program === undefined ? said : askProgram(program, { ...this.#places, data: `${this.#places.data}-before` });
    await this.#runner.prepare(estate);
    const { truths, texts, skipped } = await (this.#options.deploys
      ? this.#deployed(estate, said)
      : this.#applied(estate, said));
    const refused = [...truths.values()].includes('failed');
    const wrong: Wrong[] = [];
    for (const [component, truth] of truths) {
      if (truth === 'nothing') continue;
      const text = texts.get(component) ?? '';
      if (!said.runs(component)) wrong.push({ component, said: 'untouched', text });
      if (skipped.has(component)) wrong.push({ component, said: 'skipped', text });
    }
    const idle = (runs: (id: string) => boolean) =>
      refused ? [] : estate.components.flatMap(({ id }) => (runs(id) && truths.get(id) !== 'something' ? [id] : []));
    return {
      kind,
      edit,
      wrong,
      components: estate.components.length,
      moved: [...truths.values()].filter((one) => one === 'something').length,
      needless: idle(said.runs),
      whys: idle(said.runs).map((id) => `${id}: ${said.why(id)}`),
      needlessBefore: idle(before.runs),
      possible: said.possible,
      possibleBefore: before.possible,
      complete: said.complete,
      needlessRuns: this.#options.deploys ? idle((id) => !skipped.has(id)) : [],
      planned: truths.size,
      refused,
    };
  }

  /** Karma runs what it does not skip; a state that is as it was had nothing to do. */
  async #deployed(estate: GeneratedEstate, said: RangeSaid): Promise<Came> {
    const before = new Map(estate.components.map((one) => [one.id, this.#stateOf(estate, one)]));
    const members = new Map((await deployAll(this.#places, true)).map((one) => [componentOf(one), one]));
    const came: Came = { truths: new Map(), texts: new Map(), skipped: new Set() };
    const idle: GeneratedComponent[] = [];
    for (const one of estate.components) {
      const member = members.get(one.id);
      if (member === undefined || member.state === 'skipped') {
        came.skipped.add(one.id);
        idle.push(one);
        continue;
      }
      const is = truthOf(member, before.get(one.id) === this.#stateOf(estate, one));
      if (is === undefined) continue;
      came.truths.set(one.id, is);
      came.texts.set(one.id, `${member.state} ${member.reason ?? ''}`);
    }
    if (![...came.truths.values()].includes('failed')) await this.#plan(estate, idle, said, came);
    return came;
  }

  /** The oracle runs what Karma does not prove untouched. */
  async #applied(estate: GeneratedEstate, said: RangeSaid): Promise<Came> {
    const came: Came = { truths: new Map(), texts: new Map(), skipped: new Set() };
    const idle = estate.components.filter(({ id }) => !said.runs(id));
    const run = estate.components.filter(({ id }) => said.runs(id));
    const before = run.map((one) => this.#stateOf(estate, one));
    const { code, text } = await this.#applyAll(estate, run);
    for (const [at, one] of run.entries()) {
      came.texts.set(one.id, text);
      came.truths.set(one.id, before[at] === this.#stateOf(estate, one) ? 'nothing' : 'something');
    }
    const [first] = run;
    if (code !== 0 && first !== undefined) {
      came.truths.set(first.id, 'failed');
      return came;
    }
    await this.#plan(estate, idle, said, came);
    return came;
  }

  /** In their order; the first that fails is the last. */
  async #applyAll(estate: GeneratedEstate, components: readonly GeneratedComponent[]): Promise<Ran> {
    if (components.length > 1 && this.#runner.applyAll !== undefined) return this.#runner.applyAll(estate, components);
    for (const one of components) {
      const ran = await this.#runner.apply(estate, one);
      if (ran.code !== 0) return ran;
    }
    return { code: 0, text: '' };
  }

  async #plan(
    estate: GeneratedEstate,
    idle: readonly GeneratedComponent[],
    _said: RangeSaid,
    { truths, texts }: Came,
  ): Promise<void> {
    const { plans = idle.length } = this.#options;
    const left = [...idle];
    while (left.length > plans) left.splice(this.#sample.below(left.length), 1);
    if (left.length > 1 && (await this.#runner.planAll?.(estate, left)) === true) {
      for (const { id } of left) truths.set(id, 'nothing');
      return;
    }
    await Promise.all(
      left.map(async (one) => {
        const { is, text } = await this.#runner.plan(estate, one);
        truths.set(one.id, is === 'nothing' ? 'nothing' : is === 'change' ? 'something' : 'failed');
        texts.set(one.id, text);
      }),
    );
  }

  /** Running everything must leave what a deploy with cutoff left. */
  async everything(estate: GeneratedEstate): Promise<readonly Wrong[]> {
    const before = new Map(estate.components.map((one) => [one.id, this.#stateOf(estate, one)]));
    const members = this.#options.deploys ? await deployAll(this.#places, false) : [];
    if (!this.#options.deploys) for (const one of estate.components) await this.#runner.apply(estate, one);
    return estate.components.flatMap((one): Wrong[] => {
      const member = members.find((each) => componentOf(each) === one.id);
      if (before.get(one.id) === this.#stateOf(estate, one) && member?.state !== 'failed') return [];
      return [{ component: one.id, said: 'skipped', text: `it is not what it was: ${member?.reason ?? ''}` }];
    });
  }

  #stateOf(estate: GeneratedEstate, component: GeneratedComponent): string | undefined {
    try {
      return heldBy(readFileSync(this.#runner.state(estate, component), 'utf8'));
    } catch {
      return undefined;
    }
  }
}

/**
 * What a state holds that a run made. Its number may grow with nothing new in it, results of checks and marks of what is sensitive
 * come in any order, and of data it keeps all that was read, used or not.
 */
function heldBy(state: string): string {
  const { outputs, resources } = JSON.parse(state) as {
    readonly outputs: unknown;
    readonly resources: readonly { readonly mode: string }[];
  };
  const sorted = (name: string, value: unknown) =>
    name === 'sensitive_attributes' && Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value;
  return JSON.stringify([outputs, resources.filter(({ mode }) => mode !== 'data')], sorted);
}

interface Came {
  readonly truths: Map<string, Truth>;
  readonly texts: Map<string, string>;
  readonly skipped: Set<string>;
}

/** Each has one deployment, named or not. */
function componentOf({ key }: Deployed): string {
  return key.replace(/@.*$/, '');
}

/** Undefined where it was not its turn: something before it failed. */
function truthOf({ state }: Deployed, unchanged: boolean): Truth | undefined {
  if (state === 'finished') return unchanged ? 'nothing' : 'something';
  return state === 'failed' ? 'failed' : undefined;
}
