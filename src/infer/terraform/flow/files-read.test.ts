import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { ModuleLoader } from '../load-module.ts';
import { viewOf } from '../memory-view.fixture.ts';
import { areReadByCalls } from './files-read.ts';
import { changesBetween } from './module-changes.ts';
import { moduleTree } from './module-tree.ts';

beforeAll(loadGrammar);

type Texts = Readonly<Record<string, string>>;

function treeOf(texts: Texts) {
  const view = viewOf(texts);
  const tree = moduleTree(new ModuleLoader(), view, 'live');
  if (tree === undefined) throw new Error('no module');
  return { view, tree };
}

function differing(before: Texts, after: Texts): readonly string[] {
  const [was, is] = [treeOf(before), treeOf(after)];
  return changesBetween(was.tree, is.tree, new Set(), [was.view, is.view]).parts;
}

const here = '${path.module}';
const output = (value: string): Texts => ({ 'live/main.tf': `output "o" { value = ${value} }` });
const inLoop = output(`{ for f in fileset("${here}/c", "*.txt") : f => file("${here}/c/\${f}") }`);
const state = `data "terraform_remote_state" "s" {
  backend = "local"
  config  = { path = "../state/net.tfstate" }
}`;

describe('a file that is read', () => {
  const read = output(`trimspace(file("${here}/a.txt"))`);
  it.each<[what: string, before: Texts, after: Texts, parts: readonly string[]]>([
    ['says something else', { ...read, 'live/a.txt': '1' }, { ...read, 'live/a.txt': '2' }, ['output.o']],
    [
      'says the same under another name',
      { ...read, 'live/a.txt': '1' },
      { ...output(`trimspace(file("${here}/b.txt"))`), 'live/b.txt': '1' },
      [],
    ],
    ['comes', read, { ...read, 'live/a.txt': '1' }, ['output.o']],
    [
      'fits no pattern',
      output(`fileset(path.module, "*.txt")`),
      { ...output(`fileset(path.module, "*.txt")`), 'live/a.md': '1' },
      [],
    ],
    [
      'fits one',
      output(`fileset(path.module, "*.txt")`),
      { ...output(`fileset(path.module, "*.txt")`), 'live/a.txt': '1' },
      ['output.o'],
    ],
    [
      'is a template that is filled otherwise',
      { ...output(`templatefile("${here}/t", { x = 1 })`), 'live/t': 'a' },
      { ...output(`templatefile("${here}/t", { x = 2 })`), 'live/t': 'a' },
      ['output.o'],
    ],
    [
      'is a template that says something else',
      { ...output(`templatefile("${here}/t", { x = 1 })`), 'live/t': 'a' },
      { ...output(`templatefile("${here}/t", { x = 1 })`), 'live/t': 'b' },
      ['output.o'],
    ],
    [
      'moves with its module',
      {
        'live/main.tf': 'module "m" { source = "../m" }\noutput "o" { value = module.m.o }',
        'm/main.tf': `output "o" { value = file("${here}/a.txt") }`,
        'm/a.txt': '1',
      },
      {
        'live/main.tf': 'module "m" { source = "../n" }\noutput "o" { value = module.m.o }',
        'n/main.tf': `output "o" { value = file("${here}/a.txt") }`,
        'n/a.txt': '1',
      },
      [],
    ],
    [
      'is not there, and may be found where the module lies',
      {
        'live/main.tf': 'module "m" { source = "../m" }\noutput "o" { value = module.m.o }',
        'm/main.tf': `output "o" { value = fileexists("${here}/a.txt") }`,
      },
      {
        'live/main.tf': 'module "m" { source = "../n" }\noutput "o" { value = module.m.o }',
        'n/main.tf': `output "o" { value = fileexists("${here}/a.txt") }`,
      },
      ['output.o'],
    ],
    [
      'is none of those that a loop finds',
      { ...inLoop, 'live/c/a.txt': '1' },
      { ...inLoop, 'live/c/a.txt': '1', 'live/c/b.md': '2' },
      [],
    ],
    [
      'is one of those that a loop finds',
      { ...inLoop, 'live/c/a.txt': '1' },
      { ...inLoop, 'live/c/a.txt': '2' },
      ['output.o'],
    ],
  ])('%s', (_what, before, after, parts) => {
    expect(differing(before, after)).toEqual(parts);
  });

  it.each<[what: string, code: string, told: boolean]>([
    ['by a call', `output "o" { value = file("${here}/conf/a.txt") }`, true],
    ['by nobody', 'output "o" { value = "a" }', true],
    [
      'by a path that is put together',
      `variable "x" {}\noutput "o" { value = file("${here}/conf/\${var.x}.txt") }`,
      false,
    ],
    ['through a local', `locals { p = "${here}/conf" }\noutput "o" { value = file("\${local.p}/a.txt") }`, false],
    ['by a provider that is given its name', 'resource "aws_s3_object" "o" { source = "conf/a.txt" }', false],
    ['by a provider that is given its folder', `data "archive_file" "z" { source_dir = path.module }`, false],
    ['by a provider from where Terraform runs', 'data "archive_file" "z" { source_dir = "." }', false],
    ['by a program', 'resource "terraform_data" "t" {\n  provisioner "local-exec" { command = "make" }\n}', false],
    [
      'by a loop that finds it',
      output(`[for f in fileset("${here}/conf", "*") : file("${here}/conf/\${f}")]`)['live/main.tf'] ?? '',
      true,
    ],
    [
      'by nobody, beside where states are kept',
      `terraform {\n  backend "local" { path = "../s/a.tfstate" }\n}\n${state}`,
      true,
    ],
    ['by who is told of the folder as that of a state', state.replace('../state/net.tfstate', './conf'), false],
    [
      'by who is told of a state by a path that is put together',
      `variable "x" {}\n${state.replace('../state/net.tfstate', ['../', '{var.x}'].join('$'))}`,
      false,
    ],
    [
      'by nobody who is told of its name',
      'locals { n = "a.txt" }\nresource "terraform_data" "t" { input = local.n }',
      true,
    ],
    [
      'by a provider that is told of its name by another block',
      'locals { n = "a.txt" }\nresource "terraform_data" "t" { input = local.n }\nresource "aws_s3_object" "o" { source = terraform_data.t.output }',
      false,
    ],
    ['by a provider below that is told of its name', 'locals { n = "a.txt" }\nprovider "x" { file = local.n }', false],
    ['by a function of a provider', 'locals { n = "a.txt" }\noutput "o" { value = provider::x::read(local.n) }', false],
    ['by a module elsewhere', 'module "m" {\n  source = "acme/m/aws"\n  file = "conf/a.txt"\n}', false],
  ])('%s', (_what, code, told) => {
    const { view, tree } = treeOf({ 'live/main.tf': code, 'live/conf/a.txt': '1' });
    expect(areReadByCalls(tree, view, ['live/conf/a.txt'])).toBe(told);
  });

  it('that is no text by a loop that makes a digest of it', () => {
    const digests = output(`[for f in fileset("${here}/conf", "*.txt") : filemd5("${here}/conf/\${f}")]`);
    const told = (text: string) => {
      const { view, tree } = treeOf({ ...digests, 'live/conf/a.txt': text });
      return areReadByCalls(tree, view, ['live/conf/a.txt']);
    };
    expect([told('a'), told('\ufffd')]).toEqual([true, false]);
  });
});
