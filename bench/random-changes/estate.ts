import { sumModule } from '../../test/support/sum-module.ts';

/** How a change becomes part of the branch: it is pushed, or a team merges pull requests. */
export type Via = 'push' | 'pull-request';

export function settingsOf(via: Via): string {
  const publish = via === 'push' ? 'origin' : '{ remote: origin, via: pull-request }';
  return `estate: crowded\npublish: ${publish}\napprovals: [{ count: 1 }]\n`;
}

/**
 * An estate in which changes meet: `base` is what all else comes from, `middle` reads its total, memos read `middle`, and notes stand
 * alone, a few of them in a second environment, too. Terraform works each of them out and needs no provider for it, so that hundreds of changes can be applied for real.
 */
export const notes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'] as const;
/** Of those, what stands in the second environment from the beginning. */
export const promoted = ['a', 'b', 'c'] as const;
export const memos = ['a', 'b', 'c'] as const;
export const middles = ['main', 'other', 'third'] as const;
export const bases = ['main', 'other'] as const;

const module = (given: string, total: string): string => `# words: none\n${sumModule(given, total)}`;

const config = (values: object): string => `${JSON.stringify(values, undefined, 2)}\n`;

export const estateFiles: Readonly<Record<string, string>> = {
  '.gitignore': '*.tfstate\n*.tfstate.backup\n.terraform/\n.terraform.lock.hcl\n',
  'karma.yaml': settingsOf('push'),
  'account_environments/crowded-dev.json': config({ name: 'crowded-dev', environment: 'dev', config_branch: 'main' }),
  'account_environments/crowded-prod.json': config({
    name: 'crowded-prod',
    environment: 'prod',
    config_branch: 'main',
  }),
  'notes.md': 'words: none\n',
  'components/base/main.tf': module('', 'var.size'),
  'components/middle/main.tf': module('variable "base" {}\n', 'var.size + var.base.total'),
  'components/memo/main.tf': module('variable "middle" {}\n', 'var.size + var.middle.total'),
  'components/note/main.tf': module('variable "text" { type = string }\n', 'var.size + length(var.text)'),
  ...Object.fromEntries([
    ...bases.map((name, at) => [`iac/dev/base/${name}/config.json`, config({ size: at + 1 })]),
    ...[...middles, 'idle'].map((name, at) => [
      `iac/dev/middle/${name}/config.json`,
      config({ size: 10 * (at + 1), base_nickname: bases[at % bases.length] }),
    ]),
    ...memos.map((name, at) => [
      `iac/dev/memo/${name}/config.json`,
      config({ size: 1, middle_nickname: middles[at % middles.length] }),
    ]),
    ...notes.map((name) => [`iac/dev/note/${name}/config.json`, config({ text: 'none', size: 0 })]),
    ...promoted.map((name) => [`iac/prod/note/${name}/config.json`, config({ text: 'none', size: 0 })]),
  ]),
};

/** What is deployed before anybody changes anything. */
export const deployed = [
  ...bases.map((name) => `dev/base/${name}`),
  ...middles.map((name) => `dev/middle/${name}`),
  ...memos.map((name) => `dev/memo/${name}`),
];

/** Nobody deploys it and nobody writes it: what changes only affect and nobody deployed does not run. */
export const idle = 'dev/middle/idle';

interface Config {
  readonly size: number;
  readonly text?: string;
  readonly base_nickname?: string;
  readonly middle_nickname?: string;
}

/** What a component comes to, given what configs hold. */
export function totalOf(held: (type: string, nickname: string) => Config, type: string, nickname: string): number {
  const { size, text, base_nickname: base, middle_nickname: middle } = held(type, nickname);
  if (base !== undefined) return size + totalOf(held, 'base', base);
  if (middle !== undefined) return size + totalOf(held, 'middle', middle);
  return size + (text?.length ?? 0);
}
