import { type EffectiveConfig, readEffectiveConfig } from '../../../config/effective-config.ts';
import { readJson } from '../../../config/json-document.ts';
import { isJsonObject } from '../../../config/merge-patch.ts';
import { problemFindings } from '../../../config/problem-findings.ts';
import type { Claim, Need, ReadSet } from '../../../model/claim.ts';
import type { EstateView } from '../../../model/estate.ts';
import type { Candidate, Discovery, Layout, OpenLayout } from '../../layout.ts';
import { mergeReadSets } from '../../record-reads.ts';
import { componentProvide } from '../../rules/nickname-key.ts';
import { runtimeName } from '../../rules/parameter-name.ts';
import { provideUnder, type Subject } from '../../rules/subject.ts';
import { claimOf } from './claim.ts';
import { ComponentFacts } from './component-facts.ts';
import { estateFindings, findCandidates, findOrphans } from './discovery.ts';
import { OpenApiDocuments } from './documents.ts';
import { AdageEstate } from './estate.ts';
import { hintsOf } from './hints.ts';
import { type SharedReads, shareReads } from './read-set.ts';
import { AdageTypes } from './types.ts';

/** Adage: configs by convention, modules by type, values through Parameter Store. */
export const adageLayout: Layout = {
  name: 'adage',
  open: (estate) => new OpenAdage(estate),
};

class OpenAdage implements OpenLayout {
  readonly #estate: AdageEstate;
  readonly #types: AdageTypes;
  readonly #documents: OpenApiDocuments;
  readonly #claims = new Map<string, Claim>();
  readonly #shared = new Map<string, { readonly reads: SharedReads; readonly folders: ReadSet['folders'] }>();

  constructor(view: EstateView) {
    this.#estate = new AdageEstate(view);
    this.#types = new AdageTypes(this.#estate);
    this.#documents = new OpenApiDocuments(this.#estate);
  }

  discover(): Discovery {
    const found = this.candidates();
    if (found.candidates.length === 0 && this.#estate.isEmpty) return { ...found, findings: [] };
    return { ...found, ...estateFindings(this.#estate, this.#types) };
  }

  candidates(): Pick<Discovery, 'candidates' | 'passedOver'> {
    const estate = this.#estate;
    const { passedOver } = estate;
    const candidates = findCandidates(estate);
    if (candidates.length === 0 && estate.isEmpty) return { candidates: [], passedOver };
    const orphans = estate.view.parameters.size === 0 ? [] : findOrphans(estate, this.#owned(candidates));
    return { candidates: [...candidates, ...orphans].sort((a, b) => (a.id < b.id ? -1 : 1)), passedOver };
  }

  claim(candidate: Candidate): Claim {
    const known = this.#claims.get(candidate.id);
    if (known !== undefined) return known;
    const claim = this.#claim(candidate);
    this.#claims.set(candidate.id, claim);
    return claim;
  }

  /** Runtimes that some component publishes. Whose a runtime is can only be told from all claims. */
  #owned(candidates: readonly Candidate[]): ReadonlySet<string> {
    const owned = new Set<string>();
    for (const candidate of candidates) {
      const claim = this.claim(candidate);
      const said = [claim, ...(claim.externals ?? [])];
      for (const { component, provides } of said)
        for (const { runtime } of provides) owned.add(`${component.environment}\n${runtime}`);
    }
    return owned;
  }

  hints(candidate: Candidate): readonly Need[] {
    return candidate.seed?.from === 'runtime' ? [] : hintsOf(this.#facts(candidate));
  }

  #claim(candidate: Candidate): Claim {
    if (candidate.seed?.from !== 'runtime') return claimOf(this.#facts(candidate));
    const subject = this.#subject(candidate);
    const { binding = '' } = candidate.seed;
    const name = runtimeName(subject.prefix, subject.type, subject.nickname);
    const version = this.#estate.published(subject.environment, [binding], name)?.version ?? null;
    return orphanClaim(candidate, subject, { [`${binding}:${name}`]: version });
  }

  #subject({ id, seed }: Candidate): Subject {
    const { environment = '', type = '', nickname = '' } = seed ?? {};
    const bindings = this.#estate.placementOf(environment, type, nickname);
    const prefix = this.#estate.prefixOf(environment, bindings[0]);
    return { id, environment, type, nickname, prefix, bindings, siblings: this.#estate.bindingsOf(environment) };
  }

  #facts(candidate: Candidate): ComponentFacts {
    const estate = this.#estate;
    const subject = this.#subject(candidate);
    const view = estate.configView(candidate.id);
    const shared = this.#sharedReads(subject.type, view?.repo ?? '');
    return new ComponentFacts({
      estate,
      documents: this.#documents,
      loader: this.#types.loader,
      subject,
      type: this.#types.get(subject.type),
      config:
        view === undefined
          ? this.#publishedConfig(subject)
          : readEffectiveConfig(candidate.id, estate.reader(view), view.repo),
      view,
      place: candidate.path,
      published: view === undefined,
      shared: shared.reads,
      folders: shared.folders,
    });
  }

  #sharedReads(type: string, repo: string) {
    const key = `${type}\n${repo}`;
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      const { files, folders } = mergeReadSets([this.#types.get(type).readSet, this.#estate.readSet]);
      shared = { reads: shareReads(files, repo === '' ? 'iac/' : `${repo}:iac/`), folders };
      this.#shared.set(key, shared);
    }
    return shared;
  }

  /** The config as it was published, for a component that Git no longer has. */
  #publishedConfig(subject: Subject): EffectiveConfig {
    const name = `${subject.prefix}/${subject.type}/${subject.nickname}/config`;
    const observed = this.#estate.published(subject.environment, subject.bindings, name);
    const document = readJson(observed?.value ?? '{}');
    return {
      value: isJsonObject(document.value) ? document.value : {},
      layers: [],
      dependsOn: [],
      findings: problemFindings(document, name, subject.id),
      files: [],
      originOf: () => ({ file: name, line: 1 }),
    };
  }
}

/** A runtime without config, seen in a store: a node that others may read, and nothing more is known. */
function orphanClaim(candidate: Candidate, subject: Subject, parameters: ReadSet['parameters']): Claim {
  const runtime = runtimeName(subject.prefix, subject.type, subject.nickname);
  const evidence = { rule: 'published-runtime', site: runtime, parameter: runtime };
  return {
    component: {
      id: candidate.id,
      kind: 'component',
      layout: 'adage',
      external: true,
      type: subject.type,
      nickname: subject.nickname,
      environment: subject.environment,
      path: '',
      module: '',
      configDigest: '',
      attributes: { parameter: runtime },
      sites: {},
    },
    types: [],
    provides: [
      componentProvide(candidate.id, runtime, evidence),
      ...provideUnder('param', subject, runtime, { runtime, alsoWritten: true, fallback: true, evidence }),
    ],
    needs: [],
    blindSpots: [],
    findings: [],
    readSet: { files: {}, folders: {}, environment: {}, parameters },
  };
}
