import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKarmaFile } from '../../config/karma-file.ts';
import { karmaYaml, yamlText } from './karma-yaml.ts';

describe('the text of a first karma.yaml', () => {
  it('says why each line stands, and is read as it was meant', () => {
    const text = karmaYaml([
      { key: 'estate', value: 'shop', reason: 'the name of the folder' },
      { key: 'environments/-', value: yamlText('live/{environment}/**'), reason: 'dev\nprod' },
      { key: 'terraform/varFiles/-', value: yamlText('*.tfvars'), reason: 'x' },
    ]);
    expect(text.split('\n').slice(2)).toEqual([
      'estate: shop  # the name of the folder',
      '',
      'environments:',
      '  - "live/{environment}/**"  # dev prod',
      '',
      'terraform:',
      '  varFiles:',
      '    - "*.tfvars"  # x',
      '',
    ]);
    expect(readKarmaFile('karma.yaml', text)).toMatchObject({
      estate: 'shop',
      settings: { environments: [{ pattern: 'live/{environment}/**' }], varFiles: ['*.tfvars'] },
    });
  });

  it('is read as it was meant, whatever names are called', () => {
    const name = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('true', 'null', '12', '- a', '# b', '~', 'a: b', '*x'),
    );
    fc.assert(
      fc.property(name, name, name, (estate, path, reason) => {
        const text = karmaYaml([
          { key: 'estate', value: yamlText(estate), reason },
          { key: 'repositories/api', value: yamlText(path), reason },
        ]);
        const read = readKarmaFile('karma.yaml', text);
        expect(read?.estate).toBe(estate.toWellFormed());
        expect(read?.repositories).toMatchObject([{ name: 'api', path: path.toWellFormed() }]);
      }),
    );
  });
});
