import { describe, expect, it } from 'vitest';
import { failure, wantsInit } from './failure.ts';

describe('what went wrong', () => {
  const end = { code: 1, signal: null, stopped: undefined };
  const failed = (summary: string, tail: string[] = []) =>
    failure({
      program: 'terraform',
      verb: 'apply',
      end,
      diagnostics: summary === '' ? [] : [{ severity: 'error', summary, detail: '' }],
      tail,
      log: '/log',
    });

  it.each([
    ['No value for required variable', /asks for a variable/],
    ['Error acquiring the state lock', /somebody else works on this state/],
    ['Saved plan is stale', /plan again/],
    ['Something else', /its log is \/log/],
  ])('%s: says what to do', (summary, hint) => {
    expect(failed(summary)).toMatchObject({
      code: 'KARMA_RUN_FAILED',
      message: `terraform apply ended with 1: ${summary}`,
    });
    expect(failed(summary).hint).toMatch(hint);
  });

  it('takes the last words of a program that speaks no JSON', () => {
    expect(failed('', ['first', 'last']).message).toContain('ended with 1: last');
    const boxed = ['╷', '│ Error: Failed to query available provider packages', '│ ', '│   terraform providers', '╵'];
    expect(failed('', boxed).message).toContain('ended with 1: Failed to query available provider packages');
    expect(failed('', ['ERROR  Error: Unknown variable', 'There is no variable named "values".']).message).toContain(
      'ended with 1: Unknown variable',
    );
  });

  it('knows a call for init', () => {
    expect(wantsInit([{ severity: 'error', summary: 'Module not installed', detail: '' }], [])).toBe(true);
    expect(wantsInit([{ severity: 'error', summary: 'Invalid reference', detail: '' }], [])).toBe(false);
  });
});
