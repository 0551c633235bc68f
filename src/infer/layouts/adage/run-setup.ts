import type { Claim } from '../../../model/claim.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { runtimeName } from '../../rules/parameter-name.ts';
import type { ComponentFacts } from './component-facts.ts';

/** How a run of a component goes; nothing where there is no module to run. */
export function runSetupOf({ subject, type, config, references, estate }: ComponentFacts): Pick<Claim, 'run'> {
  const { module, declaration } = type;
  if (module === undefined) return {};
  const declared = module.analysis.closure.modules[0]?.variables;
  const handed = module.selfPublishing ? [] : references.filter(({ name }) => declared?.has(name) === true);
  const binding = estate.bindings.find(({ name }) => subject.bindings.includes(name));
  const others = declaration?.alsoWrittenBy ?? [];
  return {
    run: {
      selfPublishing: module.selfPublishing,
      prefix: subject.prefix,
      ...(binding?.region === undefined ? {} : { region: binding.region }),
      ...(binding?.account === undefined ? {} : { account: binding.account }),
      handed: Object.fromEntries(handed.map((one) => [one.name, runtimeName(subject.prefix, one.type, one.nickname)])),
      sensitive: type.secretsIn(config.value),
      steps: declaration?.steps ?? [],
      ...(declaration === undefined || declaration.checks.length === 0 ? {} : { checks: declaration.checks }),
      alsoWritten: [...new Set(others.flatMap(({ outputs }) => outputs ?? ['*']))].sort(byCodeUnit),
    },
  };
}
