import { documentReader, type EffectiveConfig, readEffectiveConfig } from '../../config/effective-config.ts';
import { type Look, lookerAt } from '../../edit/look-at.ts';
import { deploymentFiles } from '../../infer/layouts/terraform/deployments.ts';
import { placesOfVariables } from '../../infer/layouts/terraform/places-of-variables.ts';
import { ModuleLoader } from '../../infer/terraform/load-module.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';
import { type ExplainedInput, explainInputs } from './explained-inputs.ts';
import { moduleAt } from './judged-inputs.ts';

/** What the places of many inputs rest on, each read once. The estate must stay as it is meanwhile. */
export class PlaceReader {
  readonly estate: EstateView;
  readonly #looks = new Map<string, (pointer: string) => Look>();
  readonly #configs = new Map<string, EffectiveConfig>();
  readonly #explained = new Map<string, ReadonlyMap<string, ExplainedInput>>();
  readonly #roots = new Map<string, RootPlaces>();
  readonly #read: ReturnType<typeof documentReader>;

  constructor(estate: EstateView) {
    this.estate = estate;
    this.#read = documentReader(estate.main);
  }

  look(file: string, pointer: string): Look {
    const { main } = this.estate;
    const look = () => lookerAt({ path: file, bytes: new TextEncoder().encode(main.read(file) ?? '') });
    return kept(this.#looks, file, look)(pointer);
  }

  config({ id }: ComponentRow): EffectiveConfig {
    return kept(this.#configs, id, () => readEffectiveConfig(id, this.#read));
  }

  explained(row: ComponentRow, claim: Claim | undefined): ReadonlyMap<string, ExplainedInput> {
    const explain = () => {
      const inputs = explainInputs(this.estate, row, claim);
      // The first of a name counts.
      return new Map(inputs.toReversed().map((input) => [input.name, input]));
    };
    return kept(this.#explained, row.id, explain);
  }

  root({ path }: ComponentRow, deployment: string): RootPlaces {
    return kept(this.#roots, `${path}\0${deployment}`, () => {
      const patterns = this.estate.settings.varFiles;
      const module = moduleAt(this.estate, new ModuleLoader(), path);
      const files = deploymentFiles(this.estate.main, path, patterns ?? []);
      const places =
        module === undefined ? undefined : placesOfVariables(this.estate.main, module, { deployment, patterns });
      return { module, files, places };
    });
  }
}

export interface RootPlaces {
  readonly module: ReturnType<typeof moduleAt>;
  readonly files: ReturnType<typeof deploymentFiles>;
  readonly places: ReturnType<typeof placesOfVariables> | undefined;
}

function kept<T extends object>(known: Map<string, T>, key: string, make: () => T): T {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}
