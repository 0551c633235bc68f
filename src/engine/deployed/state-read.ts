import { asObject, asText } from '../../consequence/reconstruct/read.ts';
import { type RuntimeRead, stateAddress } from '../../consequence/reconstruct/reads.ts';

export type StateRead = Extract<RuntimeRead, { readonly kind: 'state' }>;

/**
 * The address that a `terraform_remote_state` in a state or plan names, as references and components write it: local paths from
 * the estate's root, no workspace in it. Undefined when its config does not show one.
 *
 * @param place the reader's folder, as `path` or `repo:path`
 */
export function addressRead(read: StateRead, place: string): string | undefined {
  if (read.backend === 'remote' || read.backend === 'cloud') return remoteAddress(read);
  const address = stateAddress(read.backend, read.config, 'default');
  if (address === undefined) return undefined;
  if (address.startsWith('gcs://')) {
    const prefix = (asText(read.config['prefix']) ?? '').replace(/^\/+|\/+$/g, '');
    return `gcs://${asText(read.config['bucket']) ?? '?'}/${prefix === '' ? 'default' : prefix}`;
  }
  if (!address.startsWith('local:')) return address;
  const path = address.slice('local:'.length);
  return path.startsWith('/') ? address : `local:${joined(place.slice(place.indexOf(':') + 1), path)}`;
}

function remoteAddress({ config }: StateRead): string | undefined {
  const organization = asText(config['organization']);
  const inside = config['workspaces'];
  const workspaces = asObject(Array.isArray(inside) ? inside[0] : inside);
  const name = asText(workspaces?.['name']);
  if (organization === undefined || name === undefined) return undefined;
  return `remote://${asText(config['hostname']) ?? 'app.terraform.io'}/${organization}/${name}`;
}

function joined(folder: string, path: string): string {
  const steps: string[] = [];
  for (const step of `${folder}/${path}`.split('/')) {
    if (step === '..' && steps.length > 0) steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

/** Whether an address is the one written, where `*` stands for a workspace's name or a part of it, and `?` for a store not shown. */
export function isAddress(written: string, address: string): boolean {
  if (written === address) return true;
  if (!/[*?]/.test(written)) return false;
  const form = written
    .split(/([*?])/)
    .map((part) => (part === '*' || part === '?' ? '[^/]+' : part.replace(/[\\^$.+()[\]{}|]/g, '\\$&')))
    .join('');
  return new RegExp(`^${form}$`).test(address);
}
