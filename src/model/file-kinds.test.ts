import { describe, expect, it } from 'vitest';
import { isHarmlessByKind, isHarmlessInModule, isInputByKind } from './file-kinds.ts';

describe('what a file is by its name alone', () => {
  it.each([
    'README.md',
    'net/README-GitHub.md',
    'net/CHANGELOG',
    'docs/picture.png',
    'LICENSE',
    '.github/workflows/plan.yml',
    '.gitlab-ci.yml',
    'Jenkinsfile',
    '.editorconfig',
    'net/.tflint.hcl',
    '.pre-commit-config.yaml',
    'CODEOWNERS',
    'net/.terraform-version',
  ])('%s is for people, or for programs that say nothing of what is built', (path) => {
    expect([isHarmlessByKind(path), isInputByKind(path)]).toEqual([true, false]);
  });

  it.each([
    'a/main.tf',
    'a/main.tofu',
    'a/main.tf.json',
    'docs/main.tf',
    'prod.tfvars',
    'prod.tfvars.json',
    'secrets.tfvars.enc',
    'prod.tfbackend',
    'env.hcl',
    'stack.tm.hcl',
    'app.tfdeploy.hcl',
    'main.tf.jsonnet',
  ])('%s is an input of some run', (path) => {
    expect([isHarmlessByKind(path), isInputByKind(path)]).toEqual([false, true]);
  });

  it.each(['data/users.json', 'policy.yaml', 'lambda/index.js', 'prod.tfvars.example', 'main.tf.disabled', 'Makefile'])(
    '%s is what somebody reads by its name, or nobody',
    (path) => {
      expect([isHarmlessByKind(path), isInputByKind(path)]).toEqual([false, false]);
    },
  );

  it.each(['security.py', 'history.sql', 'owners.json', 'docs/openapi.json', 'license.key'])(
    '%s is called like a document, and may be a program or what one reads',
    (path) => {
      expect([isHarmlessByKind(path), isHarmlessInModule(path)]).toEqual([false, false]);
    },
  );

  it('of texts in a module only those are harmless that lie where documents lie', () => {
    const texts = ['README.md', 'net.md', 'docs/a.md', 'src/README.md', 'prompts/system.md', 'src/.gitignore'];
    expect(texts.map(isHarmlessInModule)).toEqual([true, true, true, true, false, true]);
  });

  it.each(['net.tftest.hcl', 'image.pkr.hcl', 'job.nomad.hcl'])('%s is HCL of another program', (path) => {
    expect([isHarmlessByKind(path), isInputByKind(path)]).toEqual([true, false]);
  });
});
