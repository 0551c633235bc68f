import { fetchPythonProgram } from './python-program.ts';
import type { Missing } from './server.ts';

const version = '4.32.5';

/** The folder of the program that asks a service what its description allows, and what it does not. */
export function fetchSchemathesis(): string | Missing {
  return fetchPythonProgram({
    ...{ name: 'schemathesis', version, wants: `schemathesis==${version}` },
    about: 'which holds the service to its OpenAPI document',
  });
}
