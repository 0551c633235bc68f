import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { Claim } from '../../../model/claim.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { terraformLayout } from './layout.ts';

beforeAll(loadGrammar);

const code =
  'terraform {\n  backend "local" {}\n}\nvariable "cidr" { default = "a" }\noutput "cidr" { value = var.cidr }\n';

function claimOf(files: Readonly<Record<string, string>>): Claim {
  const main = viewOf({ 'net/main.tf': code, ...files });
  const around = { environment: {}, parameters: new Map(), settings: {} };
  const layout = terraformLayout.open({ main, repos: new Map([['', main]]), ...around });
  const [candidate] = layout.discover().candidates;
  if (candidate === undefined) throw new Error('no root');
  return layout.claim(candidate);
}

const codes = (claim: Claim) => claim.findings.map((finding) => `${finding.code} ${finding.evidence[0]?.file}`);

describe('a file that is encrypted', () => {
  it.each([
    ['git-crypt', '\0GITCRYPT\0\u0012\ufffd\u0003'],
    ['openssl', 'U2FsdGVkX1+abc\n'],
    ['age', 'age-encryption.org/v1\n-> X25519 abc\n'],
    ['age, armored', '-----BEGIN AGE ENCRYPTED FILE-----\nabc\n'],
    ['PGP', '-----BEGIN PGP MESSAGE-----\nabc\n'],
    ['Ansible Vault', '$ANSIBLE_VAULT;1.1;AES256\n3061\n'],
    ['SOPS', '{\n\t"data": "ENC[AES256_GCM,data:abc]",\n\t"sops": {}\n}'],
    ['Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\n'],
  ])('by %s sets what nobody knows, breaks nothing, and counts as what it is', (_by, text) => {
    const claim = claimOf({ 'net/terraform.tfvars': text });
    expect(codes(claim)).toEqual(['file-encrypted net/terraform.tfvars']);
    expect(JSON.stringify(claim.evaluated)).toContain('an encrypted file');
    expect(claim.readAsData).toEqual(['net/terraform.tfvars']);
    const changed = claimOf({ 'net/terraform.tfvars': `${text}x` });
    expect(changed.component.readsDigest).not.toBe(claim.component.readsDigest);
  });

  it('of code is a blind spot; one that a run would decrypt is unknown to the functions that read it', () => {
    const claim = claimOf({
      'net/secret.tf': '\0GITCRYPT\0x',
      'net/read.tf': 'locals { a = yamldecode(file("../secrets.yaml")) }\n',
      'secrets.yaml': '\0GITCRYPT\0y',
    });
    expect(codes(claim)).toEqual(['file-encrypted net/secret.tf']);
    expect(claim.blindSpots.map((spot) => spot.code)).toEqual(['file-encrypted']);
    expect(claim.readAsData).toEqual(['secrets.yaml']);
  });
});

describe('a file that is not UTF-8', () => {
  it('is told with its line, and hides nothing', () => {
    const claim = claimOf({ 'net/more.tf': '\noutput "x" { value = "caf\ufffd" }\n' });
    expect(claim.findings.map((finding) => [finding.code, finding.evidence[0]?.line])).toEqual([['not-utf8', 2]]);
    expect(claim.blindSpots).toEqual([]);
  });
});
