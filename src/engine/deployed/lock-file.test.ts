import { describe, expect, it } from 'vitest';
import { viewOf } from '../../infer/terraform/memory-view.fixture.ts';
import { lockFileOf } from './lock-file.ts';

describe('the provider lock file', () => {
  it.each([
    ['built-in resources alone', { 'm/main.tf': 'resource "terraform_data" "x" {}\n' }, 'not-needed'],
    [
      'the same in JSON',
      { 'm/main.tf.json': '{"resource": {"terraform_data": {"x": {"input": "${1}"}}}}' },
      'not-needed',
    ],
    ['a provider', { 'm/main.tf': 'data "aws_ami" "x" {}\n' }, null],
    ['a provider in JSON', { 'm/main.tf.json': '{"data": [{"aws_ami": {"x": {}}}]}' }, null],
    ['one that is required', { 'm/main.tf.json': '{"terraform": [{"required_providers": {"random": {}}}]}' }, null],
    [
      'a module that uses one',
      { 'm/main.tf.json': '{"module": {"n": {"source": "../n"}}}', 'n/main.tf': 'provider "aws" {}\n' },
      null,
    ],
    [
      'modules that call each other',
      { 'm/main.tf': 'module "n" {\n  source = "../n"\n}\n', 'n/x.tf': 'module "m" {\n  source = "../m"\n}\n' },
      'not-needed',
    ],
    ['a module that lies elsewhere', { 'm/main.tf': 'module "n" {\n  source = "acme/n/aws"\n}\n' }, null],
    ['a source that is put together', { 'm/main.tf': 'module "n" {\n  source = "../${var.n}"\n}\n' }, null],
    ['a broken file', { 'm/main.tf': 'resource "terraform_data" "x" {\n' }, null],
    ['broken JSON', { 'm/main.tf.json': '{' }, null],
    ['no file', { 'm/README.md': '' }, null],
  ])('%s', (_, files, expected) => {
    expect(lockFileOf(viewOf(files as Record<string, string>), 'm')).toBe(expected);
  });

  it('is its digest wherever it lies', () => {
    const view = viewOf({ 'm/main.tf': '', 'm/.terraform.lock.hcl': 'provider {}' });
    expect(lockFileOf(view, 'm')).toBe(view.digest('m/.terraform.lock.hcl'));
  });
});
