import { sumModule } from '../../test/support/sum-module.ts';
/**
 * An estate in which changes meet: `base` is what all else comes from, `middle` reads its total, and notes read `middle`. Base and
 * middle are run by Terraform, which works the sum out; a note is configuration alone, as of a type that nobody wrote yet, so that
 * hundreds of changes do not wait for hundreds of runs.
 */
export const notes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
export const middles = ['main', 'other', 'third'] as const;
export const bases = ['main', 'other'] as const;

const module = (given: string, total: string): string => `# words: none\n${sumModule(given, total)}`;

const config = (values: object): string => `${JSON.stringify(values, undefined, 2)}\n`;

export const estateFiles: Readonly<Record<string, string>> = {
  '.gitignore': '*.tfstate\n*.tfstate.backup\n.terraform/\n.terraform.lock.hcl\n',
  'karma.yaml': 'estate: crowded\npublish: origin\napprovals: [{ count: 1 }]\n',
  'account_environments/crowded-dev.json': config({ name: 'crowded-dev', environment: 'dev', config_branch: 'main' }),
  'notes.md': 'words: none\n',
  'components/base/main.tf': module('', 'var.size'),
  'components/middle/main.tf': module('variable "base" {}\n', 'var.size + var.base.total'),
  'components/note/README.md': 'Written one day.\n',
  ...Object.fromEntries([
    ...bases.map((name, at) => [`iac/dev/base/${name}/config.json`, config({ size: at + 1 })]),
    ...middles.map((name, at) => [
      `iac/dev/middle/${name}/config.json`,
      config({ size: 10 * (at + 1), base_nickname: bases[at % bases.length] }),
    ]),
    ...notes.map((name, at) => [
      `iac/dev/note/${name}/config.json`,
      config({ text: 'none', size: 0, middle_nickname: middles[at % middles.length] }),
    ]),
  ]),
};

/** What is deployed before anybody changes anything: what a change only affects and nobody deployed does not run. */
export const deployed = ['dev/base/main', 'dev/base/other', 'dev/middle/main', 'dev/middle/other'];
