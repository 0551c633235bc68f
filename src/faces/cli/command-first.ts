import { commonOptions } from './common-options.ts';

/** `karma -C folder list` means `karma list -C folder`, as people know it from git; options alone ask for the overview. */
export function commandFirst(argv: readonly string[]): string[] {
  let at = 0;
  while (at < argv.length && argv[at]?.startsWith('-') === true && argv[at] !== '--') {
    const flag = argv[at] ?? '';
    if (['-h', '--help', '-V', '--version'].includes(flag)) return [...argv];
    at += takesValue.has(flag) ? 2 : 1;
  }
  const options = argv.slice(0, at);
  const rest = argv.slice(at);
  if (rest.length === 0) return ['overview', ...options];
  const end = rest.indexOf('--');
  return end < 0 ? [...rest, ...options] : [...rest.slice(0, end), ...options, ...rest.slice(end)];
}

/** Options before the command that are followed by a value of their own. */
const takesValue: ReadonlySet<string> = new Set([
  '--at',
  ...commonOptions.flatMap(([flags]) => (flags.includes('<') ? flags.replace(/ <.*/, '').split(', ') : [])),
]);
