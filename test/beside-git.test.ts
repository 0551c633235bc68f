import { describe, expect, it } from 'vitest';
import { compareRange } from '../src/engine/range/compare-range.ts';
import { loadView } from '../src/engine/view/load-view.ts';
import { noCache } from '../src/observe/cache/no-cache.fixture.ts';
import { TemporaryFolder, type TemporaryRepository } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';

/** Files of variables that Git ignores, and that Terraform loads by their names all the same. */

type Files = Readonly<Record<string, string>>;

const state = (key: string) =>
  `terraform {\n  backend "s3" {\n    bucket = "b"\n    region = "r"\n    key = "${key}"\n  }\n}\n`;
const reading = `variable "net" { default = "net" }
data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket = "b"
    region = "r"
    key    = var.net
  }
}
output "net" { value = data.terraform_remote_state.net.outputs.id }
`;
const roots: Files = {
  '.gitignore': '*.tfvars\n*.tfvars.json\n*_override.tf\n',
  'net/main.tf': `${state('net')}variable "size" { default = 1 }\noutput "id" { value = var.size }\n`,
  'other/main.tf': `${state('other')}output "id" { value = 1 }\n`,
  'app/main.tf': state('app') + reading,
};
const units: Files = {
  '.gitignore': '*.tfvars\n',
  'net/main.tf': roots['net/main.tf'] ?? '',
  'modules/app/main.tf': `terraform {\n  backend "s3" {}\n}\n${reading}`,
  'live/app/terragrunt.hcl': `terraform { source = "../../modules/app" }
remote_state {
  backend = "s3"
  config = {
    bucket = "b"
    region = "r"
    key    = "app"
  }
}
`,
};

function contextOf(repository: TemporaryRepository, folder: TemporaryFolder) {
  const options = { dir: repository.root, data: folder.at('data') };
  return openEngine({ options, env: {}, version: 'test' }).as({ door: 'cli' });
}

async function viewOf(repository: TemporaryRepository, folder: TemporaryFolder, at?: string) {
  const context = contextOf(repository, folder);
  const view = await loadView(context, at);
  expect(view.hash).toBe((await loadView({ ...context, cache: noCache }, at)).hash);
  const { graph } = view;
  const proven = [...graph.rows()].flatMap(({ table, key }) =>
    table === 'reference' ? [key.replace('|', ' → ')] : [],
  );
  return { proven, doubts: graph.findings().map(({ code, subject }) => `${subject} ${code}`), graph, hash: view.hash };
}

describe('the default of a variable', () => {
  it.each<[string, Files, string, string, string]>([
    ['terraform.tfvars', roots, 'app/terraform.tfvars', 'net = "other"\n', 'app → net'],
    ['*.auto.tfvars', roots, 'app/mine.auto.tfvars', 'net = "other"\n', 'app → net'],
    ['*.auto.tfvars.json', roots, 'app/mine.auto.tfvars.json', '{"net": "other"}\n', 'app → net'],
    ['a file that is handed over by hand', roots, 'app/prod.tfvars', 'net = "other"\n', 'app → net'],
    ['a file beside a unit', units, 'live/app/terraform.tfvars', 'net = "other"\n', 'live/app → net'],
    ['a file in the module of a unit', units, 'modules/app/terraform.tfvars', 'net = "other"\n', 'live/app → net'],
  ])('proves nothing where %s is ignored and sets it', async (_what, files, path, text, reference) => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write(files);
    repository.commit();
    expect((await viewOf(repository, folder)).proven).toContain(reference);
    repository.write({ [path]: text });
    for (const at of [undefined, 'HEAD']) expect((await viewOf(repository, folder, at)).proven).toEqual([]);
    repository.write({ [path]: text.replace('net', 'unknown') });
    expect((await viewOf(repository, folder)).proven).toContain(reference);
  });

  it('proves what it did where the file that sets it is not loaded there', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write(roots);
    repository.commit();
    repository.write({ 'net/terraform.tfvars': 'net = "other"\nsize = 2\n' });
    expect((await viewOf(repository, folder)).proven).toEqual(['app → net']);
  });
});

describe('what an ignored file holds', () => {
  it('counts, and is told to nobody', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write(roots);
    repository.commit();
    const digests = new Set<string | undefined>();
    for (const password of ['tr0ub4dor', 'c0rrecth0rse', 'tr0ub4dor']) {
      repository.write({ 'app/terraform.tfvars': `net = "${password}"\n` });
      const { graph, doubts } = await viewOf(repository, folder);
      expect(doubts).toContain('app variables-not-in-git');
      const row = graph.component(graph.node('app') ?? -1);
      digests.add(row.readsDigest);
      const { views } = await compareRange(contextOf(repository, folder), 'HEAD');
      expect(JSON.stringify([[...graph.rows()], views.after.built?.resolver.claim('app')])).not.toContain(password);
    }
    expect(digests.size).toBe(2);
  });

  it('is the same at both ends of a range, whichever way it is asked for', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write(roots);
    repository.commit();
    repository.write({ 'app/terraform.tfvars': 'net = "other"\n', 'README.md': 'one' });
    repository.commit();
    for (const range of ['HEAD~1..HEAD', 'HEAD~1', 'HEAD']) {
      const { comparison } = await compareRange(contextOf(repository, folder), range);
      expect([...comparison.changed, ...comparison.undecided]).toEqual([]);
      expect(comparison.complete).toBe(true);
    }
  });

  it('was what Git held before it was given up', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write({ ...roots, '.gitignore': '' });
    repository.write({ 'app/terraform.tfvars': 'net = "other"\n' });
    repository.commit();
    repository.write({ '.gitignore': '*.tfvars\n' }).git('rm', '-q', '--cached', 'app/terraform.tfvars');
    repository.commit();
    const [range, tree] = await Promise.all(
      ['HEAD~1..HEAD', 'HEAD~1'].map((one) => compareRange(contextOf(repository, folder), one)),
    );
    expect(tree?.comparison).toEqual(range?.comparison);
    expect([...(range?.comparison.changed ?? []), ...(range?.comparison.undecided ?? [])]).toMatchObject([
      { id: 'app' },
    ]);
  });

  it('is part of the module, where it is code', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write(roots);
    repository.commit();
    const override = (key: string) =>
      `data "terraform_remote_state" "net" {\n  config = {\n    bucket = "b"\n    region = "r"\n    key = "${key}"\n  }\n}\n`;
    repository.write({ 'app/mine_override.tf': override('other') });
    expect((await viewOf(repository, folder)).proven).toEqual(['app → other']);
  });

  it('makes no root and no environment', async () => {
    using folder = new TemporaryFolder();
    const files = { ...roots, 'modules/a/main.tf': 'variable "a" { default = 1 }\n' };
    const repository = folder.repository('estate').write(files);
    repository.commit();
    const { graph } = await viewOf(repository, folder);
    repository.write({ 'modules/a/terraform.tfvars': 'a = 2\n', 'app/envs/prod.tfvars': 'a = 2\n' });
    const after = await viewOf(repository, folder);
    expect(after.graph.ids).toEqual(graph.ids);
    expect(after.hash).toBe((await viewOf(repository, folder, 'HEAD')).hash);
  });
});
