import type { EstateView } from '../../../model/estate.ts';
import { FileReads } from './file-reads.ts';
import { GeneratedTree } from './generated-tree.ts';
import { EstatePaths } from './paths.ts';
import type { ReadConfig } from './read-config.ts';
import { SourceFiles } from './source-file.ts';
import { UnitModules } from './unit-modules.ts';

/** What all units of one estate view share: parsed files, configurations read by many, and what stacks would generate. */
export class OpenEstate {
  readonly view: EstateView;
  readonly paths: EstatePaths;
  readonly files = new SourceFiles();
  readonly reads = new FileReads();
  readonly modules = new UnitModules();
  readonly generated: GeneratedTree;
  /** Configurations by absolute path, as `read_terragrunt_config` answers them to everybody. */
  readonly configs = new Map<string, ReadConfig>();
  /** The name of a unit's file. */
  readonly unitFile: string;

  constructor(view: EstateView) {
    this.view = view;
    this.paths = new EstatePaths(view.main.repoRoot);
    this.unitFile = view.settings.terragruntFile ?? 'terragrunt.hcl';
    this.generated = new GeneratedTree(this);
  }
}
