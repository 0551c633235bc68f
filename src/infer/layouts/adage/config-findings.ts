import { isJsonObject } from '../../../config/merge-patch.ts';
import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import type { Finding } from '../../../model/finding.ts';
import { type FindingCode, findingKinds } from '../../../model/finding-codes.ts';
import { pointerOf } from '../../../model/pointer.ts';
import { findSecrets } from '../../../model/secrets/values.ts';
import { findingAt } from '../../terraform/findings.ts';
import { NoInstanceError } from '../../terraform/instance-keys.ts';
import type { ComponentFacts } from './component-facts.ts';
import { useOfKey } from './config-uses.ts';
import type { Gathered } from './gathered.ts';
import { matchedTwice } from './hand-over.ts';
import type { TypeModule } from './type-module.ts';

/** A standard parameter holds 4 KiB; beyond 3.5 an added key may break the next publish. */
const parameterLimit = 4096;
const nearLimit = 3584;

/** What is wrong or odd with a config, and with its module under this config. */
export function configFindings(facts: ComponentFacts, gathered: Gathered): void {
  const { type } = facts;
  gathered.findings.push(...secrets(facts), ...size(facts), ...ofAbstractType(facts));
  // What cannot be read violates every schema and fails every plan; that is told once.
  if (facts.isComplete) gathered.findings.push(...schemaViolations(facts));
  if (type.module === undefined) gathered.findings.push(withoutModule(facts));
  else {
    gathered.findings.push(...unreadKeys(facts, type.module));
    if (facts.isComplete) gathered.findings.push(...plansThatFail(facts, type.module));
    if (!type.module.selfPublishing) gathered.findings.push(...matches(facts, type.module));
  }
}

function findingOn(
  facts: ComponentFacts,
  code: FindingCode,
  pointer: string,
  message: string,
  more: { readonly subject?: string; readonly key?: string } = {},
): Finding {
  const evidence = { rule: code, ...facts.site(pointer) };
  const { subject = facts.subject.id, key = pointer } = more;
  return { code, severity: findingKinds[code].severity, subject, key, message, evidence: [evidence] };
}

function secrets(facts: ComponentFacts): Finding[] {
  return findSecrets(facts.config.value).map(({ pointer, why }) =>
    findingOn(facts, 'secret-in-config', pointer, `${nameOf(pointer)} looks like a secret: ${why}`),
  );
}

function schemaViolations(facts: ComponentFacts): Finding[] {
  return facts.type.schemas.flatMap(({ file, checker }) => {
    if (checker.broken !== undefined) {
      const evidence = [{ rule: 'schema-unusable', site: file, file, line: 1 }];
      const message = `the schema does not compile: ${checker.broken}`;
      return [
        {
          code: 'schema-unusable',
          severity: 'warning',
          subject: `type ${facts.type.name}`,
          key: file,
          message,
          evidence,
        } as const,
      ];
    }
    const told = new Map<string, number>();
    return checker.check(facts.config.value).map(({ pointer, message }) => {
      const times = (told.get(pointer) ?? 0) + 1;
      told.set(pointer, times);
      return findingOn(facts, 'schema-violation', pointer, `${message} (${file})`, {
        key: times === 1 ? pointer : `${pointer} ${times}`,
      });
    });
  });
}

/** A type that only others extend has no components of its own. */
function ofAbstractType(facts: ComponentFacts): Finding[] {
  if (facts.type.declaration?.abstract !== true) return [];
  const message = `${facts.type.name} is abstract: only types that extend it have components`;
  return [findingOn(facts, 'abstract-instance', '', message, { key: facts.type.name })];
}

function size(facts: ComponentFacts): Finding[] {
  if (facts.type.module?.selfPublishing === false) return [];
  const text = facts.configText;
  // UTF-8 needs at most three bytes for each code unit.
  if (text.length * 3 <= nearLimit) return [];
  const bytes = Buffer.byteLength(text);
  if (bytes <= nearLimit) return [];
  const verdict = bytes > parameterLimit ? 'does not fit into' : 'comes near the limit of';
  const message = `${bytes} bytes of published config: it ${verdict} a standard parameter (${parameterLimit})`;
  return [findingOn(facts, 'parameter-near-limit', '', message, { key: 'config' })];
}

function withoutModule(facts: ComponentFacts): Finding {
  const { type } = facts;
  const where =
    type.planned === undefined
      ? `there is no components/${type.name} in any repository`
      : `${type.planned.folder} holds no Terraform file`;
  return findingOn(
    facts,
    'config-without-module',
    '',
    `${where}, so what its components depend on is read from their configs alone`,
    {
      subject: `type ${type.name}`,
      key: 'module',
    },
  );
}

/** Keys that no use takes in. Where the module cannot be followed everywhere, nothing is said. */
function unreadKeys(facts: ComponentFacts, module: TypeModule): Finding[] {
  const { analysis, blindSpots, uses } = module;
  if (analysis.undeclared.length > 0 || uses.handsConfigOn) return [];
  if (blindSpots.some(({ code }) => code === 'hcl-unreadable' || code === 'file-too-large')) return [];
  const root = analysis.closure.modules[0];
  const named = new Set(module.selfPublishing ? [] : root?.variables.keys());
  for (const { name, steps, declared } of facts.references)
    if (declared !== undefined || named.has(name)) {
      named.add(steps[0] ?? '');
      named.add(`${name}_type`);
    }
  const unread: string[][] = [];
  const visit = (value: unknown, steps: string[]): void => {
    const use = useOfKey(uses, steps);
    if (use.isWhole) return;
    if (!use.isTouched) unread.push(steps);
    else if (isJsonObject(value)) for (const key of Object.keys(value)) visit(value[key], [...steps, key]);
  };
  for (const key of Object.keys(facts.config.value)) if (!named.has(key)) visit(facts.config.value[key], [key]);
  const subject = `type ${analysis.row.key}`;
  return unread.map((steps) => {
    const pointer = pointerOf(steps);
    return findingOn(facts, 'config-key-unread', pointer, `nothing reads ${nameOf(pointer)}`, { subject });
  });
}

/** Arguments that reach for an element of a block of which this config makes none. */
function plansThatFail(facts: ComponentFacts, module: TypeModule): Finding[] {
  const { instance } = facts;
  if (instance === undefined) return [];
  return module.indexed.flatMap(({ owner, argument, expr, file, line }) => {
    const site = `${'address' in owner ? owner.address : `module.${owner.name}`}.${argument}`;
    for (const { scope } of instance.instancesOf(owner)) {
      try {
        evaluate(expr, scope);
      } catch (error) {
        if (error instanceof NoInstanceError)
          return [
            findingAt('plan-would-fail', facts.subject.id, site, `${site} fails: ${error.message}`, {
              site,
              file,
              line,
            }),
          ];
        if (!(error instanceof EvaluationError)) throw error;
      }
    }
    return [];
  });
}

function matches(facts: ComponentFacts, module: TypeModule): Finding[] {
  const root = module.analysis.closure.modules[0];
  if (root === undefined) return [];
  return matchedTwice(root, facts.references, facts.config.value).map((name) => {
    const variable = root.variables.get(name);
    const message = `the variable ${name} could be filled from two sources; the first in the documented order wins`;
    const place = { site: `var.${name}`, file: variable?.file ?? root.key, line: variable?.at.line ?? 1 };
    return findingAt('variable-matches-twice', facts.subject.id, name, message, place);
  });
}

function nameOf(pointer: string): string {
  return JSON.stringify(pointer.slice(1).replaceAll('/', '.'));
}
