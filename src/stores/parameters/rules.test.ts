import { describe, expect, it } from 'vitest';
import { checkType, checkWrite, nameTrouble, valueTrouble, valueWarning } from './rules.ts';

describe('parameter rules', () => {
  it.each(['/iac/vpc/main/runtime', '/iac/lambda/a_b-c.d/config', 'plain', '/external/dns/x/runtime'])(
    'takes the name %s',
    (name) => expect(nameTrouble(name)).toBeUndefined(),
  );

  it.each([
    ['/iac/a b', 'characters'],
    ['/iac//b', 'empty level'],
    ['iac/b', 'begin with /'],
    ['/ssm/b', 'keeps for itself'],
    [`/${'a/'.repeat(15)}b`, '16 levels'],
  ])('refuses the name %s', (name, why) => expect(nameTrouble(name)).toContain(why));

  it('warns before the wall, and again behind it', () => {
    expect(valueWarning('x'.repeat(3583))).toBeUndefined();
    expect(valueWarning('x'.repeat(3584))).toContain('ends at 4096');
    expect(valueWarning('ż'.repeat(2049))).toContain('advanced');
    expect(valueTrouble('x'.repeat(8192))).toBeUndefined();
    expect(valueTrouble('ż'.repeat(4097))).toContain('8194 bytes');
  });

  it('names the parameter and never the value', () => {
    try {
      checkWrite({ name: '/iac/db/password', value: `planted${'x'.repeat(9000)}` });
      expect.unreachable('the value is too long');
    } catch (error) {
      expect(String(error)).toContain('/iac/db/password');
      expect(String(error)).not.toContain('planted');
    }
  });

  it('knows that types do not change', () => {
    expect(() => checkType('/a', 'String', 'String')).not.toThrow();
    expect(() => checkType('/a', 'String', 'SecureString')).toThrow('cannot become');
  });
});
