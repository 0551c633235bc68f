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
});
