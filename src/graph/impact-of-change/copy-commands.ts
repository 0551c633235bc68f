import type { ComponentRow } from '../../model/component.ts';
import { shellWord } from '../../model/quote.ts';
import type { RootRun } from '../../model/run-setup.ts';

/** The programs that keep states, as `karma.yaml` names them. */
export interface StateTools {
  readonly terraform?: string;
  readonly terragrunt?: string;
}

export interface StateCopy {
  readonly from: string;
  readonly to: string;
  readonly deployment: string;
  readonly rows: readonly [before: ComponentRow | undefined, after: ComponentRow | undefined];
  readonly tools: StateTools;
}

/**
 * What copies a state, in the words of the program that keeps it: that one knows the backend, and refuses to lay a state over
 * another. Where a bucket must be copied in, only what is not there is written.
 */
export function copyCommands(
  { from, to, deployment, rows, tools }: StateCopy,
  runs: readonly [before: RootRun | undefined, after: RootRun | undefined],
): string[] {
  const [was, is] = rows;
  if (was === undefined || is === undefined) return [];
  const file = `moved-${[is.id, ...(deployment === '' ? [] : [deployment])].join('-').replace(/[^\w.-]+/g, '-')}.tfstate`;
  if (is.layout === 'terragrunt') {
    const program = shellWord(tools.terragrunt ?? 'terragrunt');
    return [
      `(cd ${shellWord(was.path || '.')} && ${program} state pull) > ${file}   # at the earlier revision`,
      `(cd ${shellWord(is.path || '.')} && ${program} state push "$OLDPWD/${file}")`,
    ];
  }
  if (is.layout === 'terraform') {
    const program = shellWord(tools.terraform ?? 'terraform');
    const [pull, push] = [
      { row: was, run: runs[0] },
      { row: is, run: runs[1] },
    ].map(({ row, run }) => ({ ...begin(program, row, run), at: `${program} -chdir=${shellWord(row.path || '.')}` }));
    return [
      `${pull?.init} && ${pull?.workspace}${pull?.at} state pull > ${file}   # at the earlier revision`,
      `${push?.init} && ${push?.workspace}${push?.at} state push "$PWD/${file}"`,
    ];
  }
  if (!from.startsWith('s3://') || !to.startsWith('s3://')) return [];
  return [
    `aws s3 ls ${shellWord(to)} > /dev/null; [ $? = 1 ] && aws s3 cp ${shellWord(from)} ${shellWord(to)}   # only where none is`,
  ];
}

/** `terraform init` with the deployment's backend files, and its workspace. */
function begin(program: string, { path }: ComponentRow, run: RootRun | undefined) {
  const files = (run?.backendFiles ?? []).map((file) => ` -backend-config="$PWD/"${shellWord(file)}`);
  const workspace = run?.workspace === undefined ? '' : `TF_WORKSPACE=${shellWord(run.workspace)} `;
  const init = `${program} -chdir=${shellWord(path || '.')} init -reconfigure${files.join('')}`;
  return { init, workspace };
}
