import { jsonSchemaOf, type ObjectShape, type Shape } from './shape.ts';

const names: Shape = {
  kind: 'either',
  about: 'One name or several.',
  of: [
    { kind: 'string', about: 'A name.' },
    { kind: 'list', about: 'Names.', of: { kind: 'string', about: 'A name.' } },
  ],
};

const reference: ObjectShape = {
  kind: 'object',
  about: 'A component this type depends on.',
  fields: {
    type: { kind: 'string', about: 'Its component type; default: the name of the reference.' },
    by: { kind: 'string', about: 'The config key that holds its nickname; default: `<name>_nickname`.' },
    optional: { kind: 'boolean', about: 'Whether the key may be absent.' },
    consumes: {
      kind: 'list',
      about: 'Outputs it reads, as names or JSON pointers.',
      of: { kind: 'string', about: 'An output.' },
    },
  },
};

const check: ObjectShape = {
  kind: 'object',
  about: 'What must hold after a run; one of `outputs`, `cel` and `run`.',
  fields: {
    name: { kind: 'string', about: 'What it is called in events and records.' },
    outputs: {
      kind: 'map',
      about: 'JSON Schema that the outputs must fit, or output names to schemas.',
      of: { kind: 'any', about: 'A schema.' },
    },
    cel: { kind: 'string', about: 'A condition in CEL over `outputs`, `config` and `upstream`.' },
    run: { ...names, about: 'A program and its arguments; it ends with 0 when all is well.' },
    message: { kind: 'string', about: 'A sentence for whoever sees it fail.' },
  },
};

/** What `component.yaml` may hold. */
export const componentTypeShape: ObjectShape = {
  kind: 'object',
  about: 'What inference cannot know about a component type.',
  fields: {
    extends: { kind: 'string', about: 'The parent type.' },
    abstract: { kind: 'boolean', about: 'A type that only others extend.' },
    description: { kind: 'string', about: 'One sentence for people.' },
    inputs: {
      kind: 'map',
      about: 'JSON Schema of the config, or property names to schemas.',
      of: { kind: 'any', about: 'A schema.' },
    },
    outputs: {
      kind: 'map',
      about: 'JSON Schema of the runtime, or output names to schemas.',
      of: { kind: 'any', about: 'A schema.' },
    },
    references: {
      kind: 'map',
      about: 'Components it depends on, by name.',
      of: { kind: 'either', about: 'A reference.', of: [{ kind: 'string', about: 'A component type.' }, reference] },
    },
    sensitive: { ...names, about: 'Config keys and outputs whose values are secrets.' },
    checks: {
      kind: 'list',
      about: 'What must hold after each run of a component.',
      of: {
        kind: 'either',
        about: 'A condition in CEL, or one of `outputs`, `cel` and `run`.',
        of: [{ kind: 'string', about: 'A condition in CEL over `outputs`, `config` and `upstream`.' }, check],
      },
    },
    steps: {
      kind: 'list',
      about: 'Programs that run around Terraform and are recorded with the run.',
      of: {
        kind: 'object',
        about: 'One program.',
        fields: {
          name: { kind: 'string', about: 'What it is called in records.' },
          when: { kind: 'choice', about: 'Before or after Terraform.', of: ['before', 'after'] },
          run: { ...names, about: 'The program and its arguments; never a shell string.' },
        },
        required: ['run'],
      },
    },
    also_written_by: {
      kind: 'either',
      about: 'Who else writes the runtime: a name, names, or names with the outputs they write.',
      of: [
        { kind: 'string', about: 'A name.' },
        { kind: 'list', about: 'Several.', of: { kind: 'any', about: 'A name, or `{ who, outputs }`.' } },
        { kind: 'map', about: 'Names with the outputs they write.', of: { ...names, about: 'Output names.' } },
      ],
    },
  },
};

/** The JSON Schema of `component.yaml`, for editors. */
export function componentJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://usekarma.dev/schemas/component.schema.json',
    title: 'component.yaml',
    ...jsonSchemaOf(componentTypeShape),
  };
}
