import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactNumber } from '../model/exact-number.ts';
import { Hidden, readExpression } from './expression.ts';

const names = ['outputs', 'config', 'upstream'];
const input = {
  outputs: {
    port: 443,
    share: 0.5,
    url: 'https://shop.example',
    zones: ['a', 'b'],
    none: null,
    db: { open: true, password: new Hidden('the secret db.password') },
    users: [{ name: 'a', key: new Hidden('a secret') }],
    keys: ['x', new Hidden('a secret key')],
    serial: exactNumber('1234567890123456789'),
    long: exactNumber('0.12345678901234567890123'),
  },
  config: { size: 'large' },
  upstream: {},
};
const holds = (text: string) => readExpression(text, names).holds(input);

describe('a condition in CEL', () => {
  it.each([
    ['outputs.port == 443 && config.size in ["small", "large"]', true],
    ['outputs.port + 1 == 444 && outputs.port % 2 == 1', true],
    ['outputs.share < 1 && outputs.share * 2.0 == 1.0', true],
    ['outputs.url.matches("^https://") && !outputs.url.endsWith("/")', true],
    ['outputs.zones.all(z, z.size() == 1) && outputs.zones.exists(z, z == "b")', true],
    ['has(outputs.missing)', false],
    ['outputs.none == null', true],
    ['outputs.db.open', true],
    ['size(upstream) == 0', true],
    ['outputs.serial == 1234567890123456789', true],
    ['outputs.users.all(u, u.name != "")', true],
    ['type(outputs.port) == int', true],
    ['outputs.zones.filter(z, z > "a").map(z, z + z) == ["bb"]', true],
    ['size(outputs.db) == 2', true],
  ])('%s is %s', (text, truth) => {
    expect(readExpression(text, names).broken).toBeUndefined();
    expect(holds(text)).toBe(truth);
  });

  it.each([
    ['outputs.missing == 1', 'there is no missing'],
    ['outputs.url', 'it gives neither true nor false'],
    ['outputs.url + 1 == "x"', '+ does not take string, int'],
    ['1 / (outputs.port - 443) == 1', 'it divides by zero'],
    ['outputs.db.password == "x"', 'it rests on the secret db.password'],
    ['outputs.db.password != ""', 'it rests on the secret db.password'],
    ['has(outputs.db.password)', 'it rests on the secret db.password'],
    ['outputs.db == {"open": true, "password": "x"}', 'it rests on the secret db.password'],
    ['outputs.users.exists(u, u.key == "x")', 'it rests on a secret'],
    ['"x" in outputs.keys', 'it rests on a secret key'],
    ['size(outputs.keys) == 2', 'it rests on a secret key'],
    ['outputs.long > 0.1', 'it rests on a number with more digits than CEL keeps'],
  ])('of %s nobody can say: %s', (text, unknown) => {
    expect(holds(text)).toEqual({ unknown });
  });

  it('of a whole input that is hidden nothing is said, not even what is not in it', () => {
    const config = new Hidden('the config, which was not evaluated');
    const unknown = { unknown: 'it rests on the config, which was not evaluated' };
    for (const text of ['!has(config.size)', 'size(config) == 0', 'config == {}', '!("size" in config)'])
      expect(readExpression(text, names).holds({ ...input, config })).toEqual(unknown);
    expect(readExpression('outputs.port == 443', names).holds({ ...input, config })).toBe(true);
  });

  it('keeps all digits of numbers in a list', () => {
    const serials = [exactNumber('1234567890123456789'), 2];
    const text = '1234567890123456789 in outputs.serials && !(1234567890123456788 in outputs.serials)';
    expect(readExpression(text, names).holds({ outputs: { serials } })).toBe(true);
  });

  it.each([
    ['outputs.port ==', /^it is no CEL/],
    ['output.port == 1', /^there is no output: it may speak of outputs, config, upstream$/],
    ['outputs.zones.all(z, y == "a")', /^there is no y/],
    ['lookup(outputs, "a")', /^there is no function lookup$/],
    ['', /^it is no CEL/],
  ])('%s is told before anything is evaluated', (text, why) => {
    expect(readExpression(text, names).broken).toMatch(why);
  });

  it('is no text of any length', () => {
    expect(readExpression(`"${'x'.repeat(10_000)}" == ""`, names).broken).toMatch(/^it is longer/);
  });

  it('ends, however many turns its loops would take', () => {
    const many = Array.from({ length: 2000 }, (_, at) => at);
    const text = 'outputs.all(a, outputs.all(b, outputs.all(c, a + b + c >= 0)))';
    expect(readExpression(text, names).holds({ outputs: many })).toEqual({
      unknown: 'it asks for more work than anybody means',
    });
    const hushed = 'true || outputs.exists(a, outputs.exists(b, outputs.exists(c, a + b + c < 0)))';
    expect(readExpression(hushed, names).holds({ outputs: many })).toBe(true);
  });

  it('says of a regular expression that would take for ever what it says of any', () => {
    const text = 'outputs.word.matches("^(a+)+$")';
    expect(readExpression(text, names).holds({ outputs: { word: `${'a'.repeat(50_000)}b` } })).toBe(false);
  });

  it('never quotes what it looked at', () => {
    const secret = 's3cr3t-value-9';
    fc.assert(
      fc.property(
        fc.constantFrom(
          'int(outputs.a) == 1',
          'outputs[outputs.a] == 1',
          'timestamp(outputs.a) == timestamp(outputs.a)',
          'duration(outputs.a) == duration("1s")',
          'outputs.a + 1 == 2',
          'outputs.a',
          '"x".matches(outputs.a + "(")',
        ),
        (text) => {
          expect(JSON.stringify(readExpression(text, names).holds({ outputs: { a: secret } }))).not.toContain(secret);
        },
      ),
    );
  });

  it('agrees with JavaScript about whole numbers', () => {
    const small = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(small, small, (a, b) => {
        const found = readExpression('outputs.a + outputs.b > outputs.a * outputs.b', names).holds({
          outputs: { a, b },
        });
        expect(found).toBe(a + b > a * b);
      }),
    );
  });
});
