import { KarmaError } from '../../../model/errors.ts';
import type { Verb } from '../command.ts';
import { commands } from '../commands.ts';

/** Commands and their verbs come from the command table; ids from `karma complete-ids`, which needs no network. */
export const run: Verb = async ({ args, output }) => {
  const shell = args[0];
  if (shell === 'bash') output.raw(bash());
  else if (shell === 'zsh') output.raw(`autoload -U +X bashcompinit && bashcompinit\n${bash()}`);
  else if (shell === 'fish') output.raw(fish());
  else throw new KarmaError('KARMA_USAGE', `no completion for \`${shell ?? ''}\``, { hint: 'bash, zsh or fish' });
  return 0;
};

function visible(): readonly string[] {
  return commands.filter((spec) => spec.hidden !== true && spec.name !== 'overview').map((spec) => spec.name);
}

function words(): { readonly first: string; readonly second: ReadonlyMap<string, readonly string[]> } {
  const second = new Map<string, string[]>();
  for (const name of visible()) {
    const [noun = '', verb] = name.split(' ');
    if (verb !== undefined) second.set(noun, [...(second.get(noun) ?? []), verb]);
  }
  return { first: [...new Set(visible().map((name) => name.split(' ')[0] ?? ''))].join(' '), second };
}

function bash(): string {
  const { first, second } = words();
  const cases = [...second].map(
    ([noun, verbs]) => `    ${noun}) COMPREPLY=($(compgen -W "${verbs.join(' ')}" -- "$cur")); return ;;`,
  );
  return `_karma() {
  local cur="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${first}" -- "$cur")); return
  fi
  if [ "$COMP_CWORD" -eq 2 ]; then case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$(karma complete-ids "$cur" 2>/dev/null)" -- "$cur"))
}
complete -o default -F _karma karma usekarma
`;
}

function fish(): string {
  const { first, second } = words();
  const nouns = [...second].map(
    ([noun, verbs]) => `complete -c karma -n '__fish_seen_subcommand_from ${noun}' -f -a '${verbs.join(' ')}'`,
  );
  return `complete -c karma -f -n __fish_use_subcommand -a '${first}'
${nouns.join('\n')}
complete -c karma -f -n 'not __fish_use_subcommand' -a '(karma complete-ids (commandline -ct) 2>/dev/null)'
`;
}
