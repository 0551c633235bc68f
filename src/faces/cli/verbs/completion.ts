import { KarmaError } from '../../../model/errors.ts';
import type { CommandSpec, Verb } from '../command.ts';

/**
 * Commands and their verbs come from the command table; ids from `karma complete-ids`, which needs no network. Ids are names
 * that somebody gave to folders: no shell may expand them, neither when it lists them nor when it puts one on the line.
 */
export const run: Verb = async ({ args, output, shell: { commands } }) => {
  const shell = args[0];
  if (shell === 'bash') output.raw(bash(commands));
  else if (shell === 'zsh') output.raw(zsh(commands));
  else if (shell === 'fish') output.raw(fish(commands));
  else throw new KarmaError('KARMA_USAGE', `no completion for \`${shell ?? ''}\``, { hint: 'bash, zsh or fish' });
  return 0;
};

function visible(commands: readonly CommandSpec[]): readonly string[] {
  return commands.filter((spec) => spec.hidden !== true && spec.name !== 'overview').map((spec) => spec.name);
}

function words(commands: readonly CommandSpec[]): {
  readonly first: string;
  readonly second: ReadonlyMap<string, readonly string[]>;
} {
  const second = new Map<string, string[]>();
  for (const name of visible(commands)) {
    const [noun = '', verb] = name.split(' ');
    if (verb !== undefined) second.set(noun, [...(second.get(noun) ?? []), verb]);
  }
  return { first: [...new Set(visible(commands).map((name) => name.split(' ')[0] ?? ''))].join(' '), second };
}

function bash(commands: readonly CommandSpec[]): string {
  const { first, second } = words(commands);
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
  local id quoted
  COMPREPLY=()
  while IFS= read -r id; do
    [[ $id == "$cur"* ]] || continue
    printf -v quoted %q "$id"
    COMPREPLY+=("$quoted")
  done < <(karma complete-ids -- "$cur" 2>/dev/null)
}
complete -o default -F _karma karma usekarma
`;
}

function zsh(commands: readonly CommandSpec[]): string {
  const { first, second } = words(commands);
  const cases = [...second].map(([noun, verbs]) => `      ${noun}) compadd -- ${verbs.join(' ')}; return ;;`);
  return `#compdef karma usekarma
_karma() {
  if (( CURRENT == 2 )); then compadd -- ${first}; return; fi
  if (( CURRENT == 3 )); then
    case "\${words[2]}" in
${cases.join('\n')}
    esac
  fi
  local -a ids
  ids=("\${(@f)$(karma complete-ids -- "\${(Q)words[CURRENT]}" 2>/dev/null)}")
  compadd -- "\${(@)ids:#}" || _files
}
compdef _karma karma usekarma
`;
}

function fish(commands: readonly CommandSpec[]): string {
  const { first, second } = words(commands);
  const nouns = [...second].map(
    ([noun, verbs]) => `complete -c karma -n '__fish_seen_subcommand_from ${noun}' -f -a '${verbs.join(' ')}'`,
  );
  return `complete -c karma -f -n __fish_use_subcommand -a '${first}'
${nouns.join('\n')}
complete -c karma -f -n 'not __fish_use_subcommand' -a '(karma complete-ids -- (commandline -ct) 2>/dev/null)'
`;
}
