import { describe, expect, it } from 'vitest';
import { viewOf } from '../../infer/terraform/memory-view.fixture.ts';
import { unseenReads } from './unseen-reads.ts';

const at = (site: string) => ({ evidence: [{ rule: 'parameter-read', site }] });

describe('reads that no upstream influences', () => {
  const view = viewOf({
    'app/main.tf': `
data "aws_ami" "web" {
  owners = ["self"]
}
data "aws_ssm_parameter" "vpc" {
  name = "/iac/vpc/main/runtime"
}
data "aws_iam_policy_document" "assume" {}
module "net" {
  source = "../net"
}
module "far" {
  source  = "acme/far/aws"
  version = "1.2.3"
}
check "site" {
  data "http" "site" {
    url = "https://example.com"
  }
}
locals {
  name  = "web-\${formatdate("YYYY", timestamp())}"
  fixed = uuidv5("dns", "example.com")
}
`,
    'app/more.tf.json': '{ "data": { "external": { "version": { "program": ["./version"] } } } }',
    'net/main.tf':
      'resource "terraform_data" "x" {\n  input = [for one in [1] : uuid()]\n}\nmodule "again" {\n  source = "../app"\n}\n',
  });

  it('are found in the module and in all it calls, with where they stand', () => {
    expect(unseenReads(view, 'app', [at('data.aws_ssm_parameter.vpc.name')])).toEqual([
      'data.aws_ami.web (app/main.tf)',
      'data.external.version (app/more.tf.json)',
      'data.http.site (app/main.tf)',
      'module.far from acme/far/aws (app/main.tf)',
      'timestamp() (app/main.tf)',
      'uuid() (net/main.tf)',
    ]);
  });

  it('are only what no reference was made of', () => {
    const all = unseenReads(view, 'app', [at('data.aws_ami.web.owners')]);
    expect(all).not.toContain('data.aws_ami.web (app/main.tf)');
    expect(all).toContain('data.aws_ssm_parameter.vpc (app/main.tf)');
    expect(unseenReads(view, 'nothing', [])).toEqual([]);
  });
});
