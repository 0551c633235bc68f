/** Names of environments within texts: each as a word of its own. */

function word(name: string, flags: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![A-Za-z0-9])`, flags);
}

export function namesEnvironment(text: string, name: string): boolean {
  return name !== '' && word(name, '').test(text);
}

/** With the name of one environment in the place of the other's. */
export function withName(text: string, from: string, to: string): string {
  return from === '' ? text : text.replace(word(from, 'g'), () => to);
}
