import type { Graph } from '../../graph/graph.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { FoundPublication } from './project.ts';

export interface NewestVersion {
  readonly version: number;
  readonly hash: string;
  readonly at: string;
}

/** Graphs held beside the files that they were made of. */
const mostGraphs = 2;
const mostPublications = 64;

/**
 * What a process that stays remembers of published versions. The head of the ledger says whether anything was written since: its
 * hash covers every event, so under an equal one nothing is another. One look instead of several.
 */
export class ResidentVersions {
  #head = '';
  #newest: { readonly version: NewestVersion | undefined } | undefined;
  readonly #publications = new Map<number, FoundPublication>();
  /** By the hash of the event that published it. */
  readonly #graphs = new Map<string, Graph>();

  async newest(ledger: Ledger, read: () => Promise<NewestVersion | undefined>): Promise<NewestVersion | undefined> {
    await this.#look(ledger);
    const head = this.#head;
    if (this.#newest !== undefined) return this.#newest.version;
    const version = await read();
    // Whoever looked meanwhile may have found another head, under which this is not known to hold.
    if (this.#head === head) this.#newest = { version };
    return version;
  }

  async publication(ledger: Ledger, version: number, read: () => Promise<FoundPublication>): Promise<FoundPublication> {
    await this.#look(ledger);
    const head = this.#head;
    const known = this.#publications.get(version);
    if (known !== undefined) return known;
    const found = await read();
    if (this.#head !== head) return found;
    if (this.#publications.size >= mostPublications) this.#publications.clear();
    this.#publications.set(version, found);
    return found;
  }

  graph(event: string): Graph | undefined {
    return this.#graphs.get(event);
  }

  keep(event: string, graph: Graph): void {
    this.#graphs.delete(event);
    this.#graphs.set(event, graph);
    for (const oldest of [...this.#graphs.keys()].slice(0, -mostGraphs)) this.#graphs.delete(oldest);
  }

  async #look(ledger: Ledger): Promise<void> {
    const { hash } = await ledger.head();
    if (hash === this.#head) return;
    this.#head = hash;
    this.#newest = undefined;
    this.#publications.clear();
  }
}
