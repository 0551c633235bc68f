import { readJson } from '../../../config/json-document.ts';
import { isJsonObject, type JsonObject } from '../../../config/merge-patch.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';

/** What a config repository states about its configs: `contracts/config-contract.json`. */
export interface ConfigContract {
  readonly name: string;
  readonly version: number;
  readonly schemas: string | undefined;
  readonly file: string;
}

const contractFile = 'contracts/config-contract.json';

export function readContract(view: FileView): ConfigContract | undefined {
  const written = readObject(view, contractFile);
  if (written === undefined) return undefined;
  const { contract_name: name, contract_version: version, schema_directory: folder } = written;
  if (typeof name !== 'string' || typeof version !== 'number') return undefined;
  const schemas = typeof folder === 'string' && folder !== '' && !folder.includes('..') ? folder : undefined;
  return { name, version, schemas, file: filePlace(view.repo, contractFile) };
}

/** Module repositories list the versions of a contract that they support: `contracts/<name>-compatibility.json`. */
export function contractFindings(repos: readonly FileView[]): Finding[] {
  const contracts = repos.flatMap((view) => readContract(view) ?? []);
  return contracts.flatMap((contract) =>
    repos.flatMap((view) => {
      const path = `contracts/${contract.name}-compatibility.json`;
      const supported = readObject(view, path)?.supported_contract_versions;
      if (!Array.isArray(supported) || supported.includes(contract.version)) return [];
      const evidence = [
        { rule: 'contract', site: 'contract_version', file: contract.file, line: 1 },
        { rule: 'contract', site: 'supported_contract_versions', file: filePlace(view.repo, path), line: 1 },
      ];
      const message = `configs follow version ${contract.version} of ${contract.name}, the modules support ${supported.join(', ')}`;
      return [
        { code: 'contract-version', severity: 'warning', subject: 'estate', key: contract.name, message, evidence },
      ];
    }),
  );
}

function readObject(view: FileView, path: string): JsonObject | undefined {
  const text = view.isFile(path) ? view.read(path) : undefined;
  const value = text === undefined ? undefined : readJson(text).value;
  return isJsonObject(value) ? value : undefined;
}
