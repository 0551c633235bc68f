/**
 * A repository's address in one form, `host/owner/name` in lower-case host: `git@github.com:o/r.git`, `https://…/o/r`,
 * `git::ssh://git@github.com/o/r.git//modules/vpc?ref=v1` all give `github.com/o/r`. `o/r` and `r` stay as they are.
 */
export function plainAddress(address: string): string {
  let text = address.trim().replace(/^git::/, '');
  text = text.replace(/[?#].*$/, '');
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  let rest = scheme === undefined ? text : text.slice(scheme.length);
  if (scheme === undefined) rest = rest.replace(/^(?:[^/@]+@)?([^/:]+):(?!\/\/)/, '$1/');
  // A password in an address never goes further than this.
  rest = rest.replace(/^[^/@]*@/, '').replace(/^([^/:]+):\d+/, '$1');
  const [repository = ''] = rest.split('//');
  const steps = repository
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/');
  const [host = '', ...path] = steps;
  return [path.length > 0 && host.includes('.') ? host.toLowerCase() : host, ...path].join('/');
}

/** Whether two addresses can mean one repository: equal, or the shorter one is the end of the longer one. */
export function sameRepository(a: string, b: string): boolean {
  const [short = '', long = ''] = [plainAddress(a), plainAddress(b)].sort((one, other) => one.length - other.length);
  return short !== '' && (short === long || long.endsWith(`/${short}`));
}

/** The repository's own name: the last step of its address. */
export function repositoryName(address: string): string {
  const plain = plainAddress(address);
  return plain.slice(plain.lastIndexOf('/') + 1);
}

/** Whether an address leads over the network; a path on this machine names nothing that others would know. */
export function isNetworkAddress(address: string): boolean {
  return (
    /^(?:git::)?(?:(?:https?|ssh|git|git\+ssh):\/\/|[^/@]+@[^/:]+:|[^/:@.]+\.[^/:]+:)/i.test(address) &&
    !/^file:/i.test(address)
  );
}
