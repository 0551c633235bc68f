import { expect, it } from 'vitest';
import { moduleName } from './module-name.ts';

it.each([
  ['modules/vpc', '', 'vpc'],
  ['modules/vpc/v2', '', 'vpc'],
  ['modules/vpc/1.4.0', '', 'vpc'],
  ['modules/v2', 'https://example.org/terraform-cloud-run.git', 'terraform-cloud-run'],
  ['modules', 'https://example.org/terraform-cloud-run.git', 'modules'],
  ['v2', '', 'v2'],
  ['ipv4', '', 'ipv4'],
  ['', '', ''],
])('the module at %s of %s is called so', (path, whole, name) => {
  expect(moduleName(path, whole)).toBe(name);
});
