import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backendArgs, backendPath } from './backend-args.ts';

const runFolder = mkdtempSync(join(tmpdir(), 'karma-backend-'));

it('shows settings, and writes credentials into a file of its owner, each as what the backend takes', () => {
  const settings = {
    bucket: 'shop-${state}',
    secret_key: 'a"b${c}%{d}\\e\nf',
    conn_str: 'postgres://karma:x@db/state',
    assume_role: '{"role_arn":"r","session_token":"t"}',
    shared_credentials_files: '["a","b"]',
    credentials: '{"type":"service_account"}',
    endpoints: '{"s3":"http://127.0.0.1:5000"}',
  };
  expect(backendArgs({ runFolder, backendConfig: settings })).toEqual([
    '-backend-config=bucket=shop-${state}',
    '-backend-config=endpoints={"s3":"http://127.0.0.1:5000"}',
    `-backend-config=${backendPath({ runFolder })}`,
  ]);
  expect(readFileSync(backendPath({ runFolder }), 'utf8').split('\n')).toEqual([
    'secret_key = "a\\"b$${c}%%{d}\\\\e\\nf"',
    'conn_str = "postgres://karma:x@db/state"',
    'assume_role = {"role_arn":"r","session_token":"t"}',
    'shared_credentials_files = ["a","b"]',
    'credentials = "{\\"type\\":\\"service_account\\"}"',
    '',
  ]);
  expect(statSync(backendPath({ runFolder })).mode & 0o777).toBe(0o600);
});

it('writes no file where nothing is to be hidden', () => {
  const empty = join(runFolder, 'not-there');
  expect(backendArgs({ runFolder: empty, backendConfig: { path: 'x' } })).toEqual(['-backend-config=path=x']);
  expect(backendArgs({ runFolder: empty })).toEqual([]);
});
