import { posix } from 'node:path';
import type { Binding } from '../../config/binding.ts';
import { isTooOften, leastUntrusted } from '../../config/interval.ts';
import type { ScheduleSetting } from '../../config/karma-file.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { filePlace } from '../../model/file-view.ts';
import type { Finding } from '../../model/finding.ts';
import type { FindingCode } from '../../model/finding-codes.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import { hasBranch } from '../git/git-repository.ts';
import { repositoryName } from '../git/remote-address.ts';
import type { ViewTrouble } from '../views/repository-view.ts';
import type { SourceObservation } from './estate-observation.ts';
import type { OpenSource } from './source.ts';

export interface Observed {
  readonly opened: readonly OpenSource[];
  readonly sources: readonly SourceObservation[];
  readonly bindings: readonly Binding[];
  /** Files that Git ignores and runs need, as `karma.yaml` names them. */
  readonly ignoredInputs: readonly string[];
  readonly schedules: readonly ScheduleSetting[];
}

/** What is odd about an estate's sources: files not read, repositories not found, branches not followed. Sorted. */
export function observationFindings({ opened, sources, bindings, ignoredInputs, schedules }: Observed): Finding[] {
  const findings = [
    ...opened.flatMap((source) => troublesOf(source).map((trouble) => troubleFinding(source.name, trouble))),
    ...sources.filter(({ read }) => !read).map(unreadFinding),
    ...bindings.flatMap((binding) => branchFindings(binding, opened)),
    ...ignoredInputs.flatMap((path) => idleInput(path, opened[0])),
    ...schedules.flatMap(tooOften),
  ];
  return findings.sort((a, b) => byCodeUnit(`${a.code}\n${a.subject}\n${a.key}`, `${b.code}\n${b.subject}\n${b.key}`));
}

/** Whoever serves the estate would be kept busy: that is theirs to say. */
function tooOften({ name, every }: ScheduleSetting, at: number): Finding[] {
  if (every === undefined || !isTooOften(every)) return [];
  return [
    finding('schedule-too-often', {
      subject: 'estate',
      key: `schedules|${name}`,
      message: `karma.yaml wants ${JSON.stringify(name)} done every ${every}: without anybody's trust it is done every ${leastUntrusted}`,
      hint: `write \`every: ${leastUntrusted}\` or more, or let whoever serves it trust that: \`karma trust\``,
      evidence: { site: `karma.yaml#/schedules/${at}`, file: 'karma.yaml' },
    }),
  ];
}

/** A run that needs an input which is not there is refused; where there is no work tree nobody can look. */
function idleInput(path: string, main: OpenSource | undefined): Finding[] {
  if (main?.repository === undefined || main.repository.bare) return [];
  const { view } = main;
  const written = posix.normalize(path).replace(/\/$/, '');
  if (view.ignored?.has(written) === true) return [];
  const isHeld = view.isFile(written);
  return [
    finding('entry-unmatched', {
      subject: 'estate',
      key: `terraform.ignoredInputs|${path}`,
      message: isHeld
        ? `karma.yaml names ${path} under terraform.ignoredInputs, and Git does not ignore it`
        : `karma.yaml names ${path} under terraform.ignoredInputs, and there is no such file`,
      hint: isHeld
        ? 'leave the entry out: what Git holds is there in every run'
        : 'correct the path, or leave the entry out',
      evidence: { site: 'karma.yaml#/terraform/ignoredInputs', file: 'karma.yaml' },
    }),
  ];
}

/** Troubles inside the part of the repository that the source is, by paths of its view. */
function troublesOf({ folder, repository, whole }: OpenSource): ViewTrouble[] {
  const scope = repository === undefined || repository.bare ? '' : folder.slice(repository.root.length + 1);
  if (scope === '') return [...whole.troubles()];
  const inside = whole.troubles().filter(({ path }) => path.startsWith(`${scope}/`));
  return inside.map((trouble) => ({ ...trouble, path: trouble.path.slice(scope.length + 1) }));
}

const troubleCodes = {
  'link-outside': 'symlink-outside',
  'too-large': 'file-too-large',
  unreadable: 'file-unreadable',
  'submodule-missing': 'source-not-read',
} as const satisfies Record<ViewTrouble['kind'], FindingCode>;

function troubleFinding(repo: string, { path, kind, detail }: ViewTrouble): Finding {
  const place = filePlace(repo, path);
  const code = troubleCodes[kind];
  const messages = {
    'link-outside': `${place} leads out of the repository, to ${detail}`,
    'too-large': `${place} is ${detail}`,
    unreadable: `${place} cannot be read: ${detail}`,
    'submodule-missing': `the submodule ${place} was ${detail}, so its folder is empty`,
  };
  const hint = kind === 'submodule-missing' ? { hint: '`git submodule update --init`' } : {};
  const evidence = { site: 'file', file: place };
  return finding(code, { subject: place, key: kind, message: messages[kind], ...hint, evidence });
}

function unreadFinding({ source, reason, why }: SourceObservation): Finding {
  return finding('source-not-read', {
    subject: `repository ${source}`,
    key: 'repository',
    message: `${source} was not read: ${reason ?? 'no reason given'} (${why})`,
    hint: /trusts/.test(reason ?? '')
      ? '`karma trust`, once you looked at what it says, or `--repo PATH`'
      : `\`--repo PATH\`, or \`repositories: { ${source}: PATH }\` in karma.yaml`,
    evidence: { site: why },
  });
}

/** A binding names branches; what was read may be another. One view cannot follow two bindings, so it follows none. */
function branchFindings(binding: Binding, opened: readonly OpenSource[]): Finding[] {
  const main = opened[0];
  const roles = [
    { key: 'config_branch', branch: binding.configBranch, source: main },
    { key: 'iac_branch', branch: binding.iacBranch, source: sourceNamed(binding.iacRepo, opened) },
    { key: 'lambda_branch', branch: binding.lambdaBranch, source: sourceNamed(binding.lambdaRepo, opened) },
  ];
  return roles.flatMap(({ key, branch, source }) => {
    if (branch === undefined || source?.repository === undefined || source.branch === branch) return [];
    const there = hasBranch(source.repository, branch);
    const name = source.name === '' ? 'the config repository' : source.name;
    return finding('ref-not-followed', {
      subject: `binding ${binding.name}`,
      key,
      message: `${key} names ${branch} of ${name}, ${there ? 'which was not followed' : 'which is not there'}; read was ${source.followed}`,
      ...(there ? { hint: `\`--at ${branch}\` reads that branch` } : {}),
      evidence: { site: `binding#/${key}`, file: binding.file, line: binding.lines[key] },
    });
  });
}

function sourceNamed(named: string | undefined, opened: readonly OpenSource[]): OpenSource | undefined {
  return named === undefined ? undefined : opened.find(({ name }) => name === repositoryName(named));
}

interface FindingParts {
  readonly subject: string;
  readonly key: string;
  readonly message: string;
  readonly hint?: string;
  readonly evidence: { readonly site: string; readonly file?: string; readonly line?: number | undefined };
}

function finding(code: FindingCode, { evidence: { line, ...evidence }, ...parts }: FindingParts): Finding {
  const place = { rule: 'observe', ...evidence, ...(line === undefined ? {} : { line }) };
  return { code, severity: findingKinds[code].severity, ...parts, evidence: [place] };
}
