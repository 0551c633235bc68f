import type { ReadSet } from '../../../model/claim.ts';
import type { EstateView } from '../../../model/estate.ts';
import { type Owners, readOwners } from '../../owners.ts';
import { recordReads } from '../../record-reads.ts';
import { FileReads } from './file-reads.ts';
import { GeneratedTree } from './generated-tree.ts';
import { EstatePaths } from './paths.ts';
import type { ConfigReader, ReadConfig } from './read-config.ts';
import type { Session } from './session.ts';
import { SourceFiles } from './source-file.ts';
import { UnitModules } from './unit-modules.ts';

/** What all units of one estate view share: parsed files, configurations read by many, and what stacks would generate. */
export class OpenEstate {
  readonly view: EstateView;
  readonly paths: EstatePaths;
  readonly readConfig: ConfigReader;
  readonly files = new SourceFiles();
  readonly reads = new FileReads();
  readonly modules = new UnitModules();
  readonly generated: GeneratedTree;
  /** Configurations by absolute path, as `read_terragrunt_config` answers them to everybody. */
  readonly configs = new Map<string, ReadConfig>();
  /** The name of a unit's file. */
  readonly unitFile: string;
  /** What is set where this is asked, or what nobody can say. */
  readonly environment: 'here' | 'unknown';

  #owners: { readonly owners: Owners; readonly reads: Pick<ReadSet, 'files' | 'folders'> } | undefined;

  /** @param readConfig evaluates what `read_terragrunt_config` names; handed in, since it evaluates files that call it again */
  constructor(
    view: EstateView,
    readConfig: ConfigReader,
    { environment = 'here' }: { readonly environment?: 'here' | 'unknown' } = {},
  ) {
    this.environment = environment;
    this.readConfig = readConfig;
    this.view = view;
    this.paths = new EstatePaths(view.main.repoRoot, view.settings.place);
    this.unitFile = view.settings.terragruntFile ?? 'terragrunt.hcl';
    this.generated = new GeneratedTree(this);
  }

  /** `CODEOWNERS`, read once and counted as read by each session that asks. */
  owners(session: Session): Owners {
    if (this.#owners === undefined) {
      const recorded = recordReads(this.view.main);
      const owners = readOwners(recorded.view);
      this.#owners = { owners, reads: recorded.readSet() };
    }
    session.include(this.#owners.reads);
    return this.#owners.owners;
  }
}
