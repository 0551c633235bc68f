import { namesEnvironment, withName } from '../../graph/objects/names.ts';

/** An id of an account of AWS, as a word of its own. */
const account = /(?<!\d)\d{12}(?!\d)/g;

/** Where a text of one environment comes to in the other: another text, or a sentence that says what is not known. */
export type Translated = { readonly text: string; readonly why: readonly string[] } | { readonly unknown: string };

/**
 * What belongs to an environment, as far as the objects that two environments have show it: names, accounts, regions, and texts under
 * keys that are expected to differ. Of all else the one is to be what the other is.
 */
export class ValuesOfEnvironment {
  readonly #from: string;
  readonly #to: string;
  /** Key and text → the texts of the other environment. */
  readonly #pairs = new Map<string, Set<string>>();
  readonly #expected = new Set<string>();
  readonly #accounts = new Map<string, Set<string>>();
  readonly #regions = new Map<string, Set<string>>();
  /** Accounts that the other environment names itself. */
  readonly #there = new Set<string>();

  constructor(from: string, to: string) {
    this.#from = from;
    this.#to = to;
  }

  /** One text that an object says in both, under one key. */
  learn(key: string, a: string, b: string): void {
    learned(this.#pairs, `${key}\0${a}`, b);
    const [one, other] = [a, b].map((text) => text.match(account) ?? []);
    if (one?.length === 1 && other?.length === 1) learned(this.#accounts, one[0] ?? '', other[0] ?? '');
    for (const id of other ?? []) this.#there.add(id);
  }

  /** Differences under a key are expected. */
  expect(key: string): void {
    this.#expected.add(key);
  }

  /** Where an object lies in both. */
  learnPlaces(
    a: { readonly account?: string | undefined; readonly region?: string | undefined },
    b: { readonly account?: string | undefined; readonly region?: string | undefined },
  ): void {
    if (isOne(a.account) && isOne(b.account)) learned(this.#accounts, a.account, b.account);
    if (isOne(b.account)) this.#there.add(b.account);
    if (isOne(a.region) && isOne(b.region)) learned(this.#regions, a.region, b.region);
  }

  /** @param isVersioned the text names code: only its version may be an environment's own */
  translate(key: string, text: string, isVersioned = false): Translated {
    const why: string[] = [];
    const told = this.#told(key, text);
    if (told !== undefined && !isVersioned)
      return told === text ? { text, why } : { text: told, why: [`as \`${key}\` of others`] };
    let unknown: string | undefined;
    let said = text.replace(account, (id, at: number) => {
      const other = only(this.#accounts.get(id));
      if (other !== undefined && other !== id) why.push('the account');
      const isAccount = this.#accounts.has(id) || /account/i.test(key) || isPlaced(text, at);
      if (other === undefined && isAccount && !this.#there.has(id))
        unknown = `nothing says which account ${id} is in ${this.#to}`;
      return other ?? id;
    });
    if (unknown !== undefined) return { unknown };
    for (const [region, others] of this.#regions) {
      const other = only(others);
      if (other === undefined || other === region || !said.includes(region)) continue;
      said = said.replaceAll(region, other);
      why.push('the region');
    }
    const named = isVersioned
      ? said.replace(
          /([?&](?:ref|version)=)([^&]*)/,
          (_all, before: string, ref: string) => before + this.#renamed(ref),
        )
      : this.#renamed(said);
    if (named !== said) why.push('the name of the environment');
    return { text: named, why };
  }

  #renamed(text: string): string {
    return namesEnvironment(text, this.#from) ? withName(text, this.#from, this.#to) : text;
  }

  /** Of a difference that nobody expects the one environment is to be what the other is, not the other way round. */
  #told(key: string, text: string): string | undefined {
    const other = only(this.#pairs.get(`${key}\0${text}`));
    return this.#expected.has(key) || other === text ? other : undefined;
  }
}

/** Twelve digits where an address has its account: `arn:aws:iam::123456789012:role/x`, `123456789012.dkr.ecr.…`. */
function isPlaced(text: string, at: number): boolean {
  return /:$/.test(text.slice(0, at)) || /^\.dkr\.ecr\./.test(text.slice(at + 12));
}

function isOne(value: string | undefined): value is string {
  return value !== undefined && value !== '' && !value.includes(',');
}

function learned(known: Map<string, Set<string>>, a: string, b: string): void {
  known.set(a, (known.get(a) ?? new Set()).add(b));
}

function only(found: ReadonlySet<string> | undefined): string | undefined {
  const [first, ...others] = found ?? [];
  return others.length === 0 ? first : undefined;
}
