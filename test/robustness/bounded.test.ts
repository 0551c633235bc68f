import { describe, expect, it } from 'vitest';
import { estateMaker, terragruntFiles } from '../support/estates.ts';
import { karma, karmaJson, karmaOk } from '../support/karma.ts';

/** A few lines may ask for more than any machine has, or be of a kind that nobody thought of: it is told, and nothing else suffers. */

const { repository } = estateMaker();
const root = 'terraform {\n  backend "local" {}\n}\n';

interface Checked {
  readonly findings: readonly { readonly code: string; readonly subject: string }[];
}

describe('one component that goes too far', () => {
  const often = 20_000;
  it.each([
    ['a sum', Array(often).fill('1').join(' + ')],
    ['a name', `var.a${'.b'.repeat(often)}`],
    ['a name of splats', `var.a${'[*]'.repeat(often)}`],
    ['conditions in conditions', `${'true ? 1 : '.repeat(often)}2`],
    ['directives in directives', `"${'%{if true}'.repeat(often)}x${'%{endif}'.repeat(often)}"`],
  ])('takes no other one away: %s', async (_what, text) => {
    const estate = repository({
      ...terragruntFiles,
      'roots/bad/main.tf': `${root}variable "a" {}\nlocals {\n  x = ${text}\n}\noutput "x" { value = local.x }\n`,
      'roots/bad/terraform.tfvars': 'a = {}\n',
      'roots/good/terraform.tfvars': '\n',
      'roots/good/main.tf': `${root}output "x" { value = 1 }\n`,
      'live/dev/bad/terragrunt.hcl': `locals {\n  x = ${text.replace('var.', 'local.')}\n}\ninputs = { x = local.x }\n`,
    });
    const { stdout } = await karmaOk(['list', '-q', '-C', estate]);
    expect(stdout.trim().split('\n')).toEqual([
      'live/dev/app',
      'live/dev/bad',
      'live/dev/vpc',
      'roots/bad',
      'roots/good',
    ]);
    const { findings } = JSON.parse((await karma(['check', '--json', '-C', estate])).stdout) as Checked;
    const told = findings.filter(({ code }) =>
      ['component-unread', 'hcl-unreadable', 'evaluation-failed'].includes(code),
    );
    expect(told.map(({ subject }) => subject.replace('type ', ''))).toContain('roots/bad');
    const answer = await karmaJson<{ affected: readonly unknown[] }>(['impact', 'live/dev/vpc', '-C', estate]);
    expect(JSON.stringify(answer.affected)).toContain('live/dev/app');
  });
});

describe('names that every object has', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

  it('are names like any other: of components, variables, outputs, locals and keys', async () => {
    const files = Object.fromEntries(
      names.flatMap((name) => [
        [
          `roots/${name}/main.tf`,
          `${root}variable "${name}" { default = 1 }\nlocals { ${name} = var.${name} }\noutput "${name}" { value = { ${name} = local.${name} } }\n`,
        ],
        [`roots/${name}/terraform.tfvars`, '\n'],
        [`live/${name}/terragrunt.hcl`, `terraform { source = "../../roots/${name}" }\ninputs = { ${name} = 2 }\n`],
        [
          `live/after-${name}/terragrunt.hcl`,
          `dependency "${name}" { config_path = "../${name}" }\ninputs = { x = dependency.${name}.outputs.${name} }\n`,
        ],
        [`iac/dev/${name}/${name}/config.json`, `{ "${name}": { "${name}": 1 } }\n`],
        [`components/${name}/main.tf`, `variable "${name}" {}\noutput "${name}" { value = var.${name} }\n`],
      ]),
    );
    const estate = repository({
      ...files,
      'account_environments/dev.json': '{ "name": "dev", "environment": "dev" }\n',
    });
    const listed = (await karmaOk(['list', '-q', '-C', estate])).stdout.trim().split('\n');
    // What begins with `_` is no component of an Adage estate, but what others extend.
    for (const name of names)
      for (const id of [
        ...[`roots/${name}`, `live/${name}`, `live/after-${name}`],
        ...(name.startsWith('_') ? [] : [`dev/${name}/${name}`]),
      ]) {
        expect(listed).toContain(id);
        const shown = await karma(['show', id, '-C', estate]);
        expect(shown.code, shown.stderr).toBe(0);
      }
    for (const name of names) {
      const outputs = await karmaOk(['outputs', `live/${name}`, '-C', estate]);
      expect(outputs.stdout).toContain(name);
      const impact = await karmaJson<{ affected: readonly unknown[] }>(['impact', `live/${name}`, '-C', estate]);
      expect(JSON.stringify(impact.affected)).toContain(`live/after-${name}`);
    }
    for (const args of [['check'], ['status'], ['order'], ['export'], ['type', 'list'], ['explain', 'constructor']])
      expect([0, 2, 64]).toContain((await karma([...args, '-C', estate])).code);
  });
});
