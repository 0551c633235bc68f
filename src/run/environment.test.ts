import { describe, expect, it } from 'vitest';
import { childEnvironment, secretsOfEnvironment } from './environment.ts';

const options = { variables: false, isReadable: (path: string) => path === '/there' };

describe('what a program may see of the environment', () => {
  it('lets in what Terraform and its providers need, and nothing else', () => {
    const { environment } = childEnvironment(
      { PATH: '/bin', AWS_PROFILE: 'p', TF_PLUGIN_CACHE_DIR: '/c', MY_SECRET: 'x', NPM_TOKEN: 'y', EMPTY: undefined },
      options,
    );
    expect(environment).toEqual({
      PATH: '/bin',
      AWS_PROFILE: 'p',
      TF_PLUGIN_CACHE_DIR: '/c',
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
    });
  });

  it.each([
    ['TF_LOG', 'TRACE'],
    ['TF_LOG_PATH', '/tmp/log'],
    ['TF_CLI_ARGS_apply', '-target=x'],
    ['TF_WORKSPACE', 'other'],
    ['TF_DATA_DIR', '/x'],
    ['TF_VAR_x', '1'],
    ['TF_CLI_CONFIG_FILE', '/not/there'],
    ['GIT_DIR', '/x'],
    ['TG_LOG_LEVEL', 'trace'],
  ])('leaves %s out, with a reason', (name, value) => {
    const { environment, leftOut } = childEnvironment({ [name]: value }, options);
    expect(environment[name]).toBe(undefined);
    expect(leftOut).toEqual([{ name, reason: expect.any(String) }]);
  });

  it('keeps a configuration file that is there, variables where they are wished for, and what karma.yaml names', () => {
    const from = { TF_CLI_CONFIG_FILE: '/there', TF_VAR_x: '1', MY_TOKEN: 't' };
    expect(childEnvironment(from, { ...options, variables: true, also: ['MY_TOKEN'] }).environment).toMatchObject(from);
  });

  it('knows which values are plainly secret', () => {
    expect(
      secretsOfEnvironment({ AWS_SECRET_ACCESS_KEY: 'abcdefgh12', AWS_REGION: 'eu-central-1', GITHUB_TOKEN: 'short' }),
    ).toEqual(['abcdefgh12']);
  });
});
