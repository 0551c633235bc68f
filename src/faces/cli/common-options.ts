/** Options that every command takes; one that has its own of the same name keeps that. */
export const commonOptions: readonly (readonly [flags: string, about: string, repeat: boolean])[] = [
  ['-C, --dir <path>', 'the estate, or a folder in it (default: here)', false],
  ['--repo <path>', 'another repository of the estate, as PATH or PATH@REF', true],
  ['--config <file>', 'a karma.yaml elsewhere', false],
  ['--data <path>', 'where versions and caches are kept', false],
  ['--layout <name>', 'force a layout: adage, terragrunt or terraform', true],
  ['--json', 'one JSON document on stdout', false],
  ['-q, --quiet', 'ids only, no talk', false],
  ['--no-color', 'no colour', false],
];
