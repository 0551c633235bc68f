import { describe, expect, it } from 'vitest';
import { claimsOf } from '../layouts/terraform/small-estate.fixture.ts';
import { readEstate } from '../layouts/terragrunt/small-estate.fixture.ts';

const broken = 'checks:\n  - name: id\n    cel: outputs.id ==\nchekcs: []\n';

describe('a component.yaml beside a module that is no Adage type', () => {
  it('is told where it is wrong, of a root module', () => {
    const root = { 'net/main.tf': 'terraform {\n  backend "local" {}\n}\noutput "id" {\n  value = 1\n}\n' };
    const [claim] = claimsOf({ ...root, 'net/component.yaml': broken });
    const told = claim?.findings.map(({ code, subject, evidence }) => [
      code,
      subject,
      evidence[0]?.file,
      evidence[0]?.line,
    ]);
    expect(told).toContainEqual(['component-type-invalid', 'type net', 'net/component.yaml', 4]);
    expect(told?.length).toBeGreaterThan(1);
    // One that is not there yet counts when it comes.
    expect(claimsOf(root)[0]?.readSet.files).toHaveProperty('net/component.yaml', null);
  });

  it('is told once of the module of several units', () => {
    const unit = 'terraform {\n  source = "../../modules/net"\n}\n';
    const { findings, claims } = readEstate({
      'modules/net/main.tf': 'output "id" {\n  value = 1\n}\n',
      'modules/net/component.yaml': broken,
      'live/a/terragrunt.hcl': unit,
      'live/b/terragrunt.hcl': unit,
    });
    expect(findings.filter((one) => one.startsWith('component-type-invalid type modules/net'))).toHaveLength(2);
    expect(claims.get('live/a')?.readSet.files).toHaveProperty('modules/net/component.yaml');
  });

  const contradicting =
    'inputs:\n  cidr: { type: string }\n  zones: { type: array }\n  size: { type: integer }\n  name: { type: number }\n  gone: { type: string }\noutputs:\n  id: { type: string }\n  arn: { type: string }\n';
  const hcl =
    'variable "cidr" { type = string }\nvariable "zones" { type = number }\nvariable "size" { type = number }\nvariable "name" { type = string }\nvariable "other" {}\noutput "id" { value = 1 }\n';
  const told = [
    ['/inputs/gone', 6, 'which nothing in its module takes'],
    ['/inputs/zones', 3, 'declares zones as array, and its variable is number'],
    ['/outputs/arn', 9, 'declares the output arn, which its module has not'],
  ];

  it('is told where its module shows something else, of a root module and of the module of units', () => {
    const [claim] = claimsOf({
      'net/main.tf': `terraform {\n  backend "local" {}\n}\n${hcl}`,
      'net/component.yaml': contradicting,
    });
    const found = claim?.findings.filter(({ code }) => code === 'type-contradicts') ?? [];
    expect(found.map(({ key, evidence, message }) => [key, evidence[0]?.line, message])).toEqual(
      told.map(([key, line, message]) => [key, line, expect.stringContaining(String(message))]),
    );
    const { findings } = readEstate({
      'modules/net/main.tf': hcl,
      'modules/net/component.yaml': contradicting,
      'live/a/terragrunt.hcl': 'terraform {\n  source = "../../modules/net"\n}\n',
    });
    expect(findings.filter((one) => one.startsWith('type-contradicts'))).toEqual(
      told.map(([key]) => `type-contradicts type modules/net ${key}`),
    );
  });

  it('and not of what a parent says that its own module has, or of what somebody else writes', () => {
    const [claim] = claimsOf({
      'base/component.yaml': 'outputs: { id: { type: string } }\n',
      'net/main.tf': `terraform {\n  backend "local" {}\n}\n${hcl}`,
      'net/component.yaml': 'extends: base\noutputs: { arn: {}, url: {} }\nalso_written_by: { script: [arn, url] }\n',
    });
    expect(claim?.findings.filter(({ code }) => code === 'type-contradicts')).toEqual([]);
  });
});
