/** A way to write an estate down that Karma knows by its files, and does not read. */
export interface UnreadLayout {
  readonly name: string;
  readonly title: string;
  /** What may stand in it and is in no answer. */
  readonly hides: string;
  /** Any file of the repository may belong to it, not only what lies beside its own. */
  readonly wide: boolean;
  /** It hands values to root modules, so what those were given cannot be told from their own files. */
  readonly feedsRoots: boolean;
  readonly mark: RegExp;
  /** Without such a file somewhere the mark means nothing. */
  readonly beside?: RegExp;
}

export const unreadLayouts: readonly UnreadLayout[] = [
  {
    name: 'stacks',
    title: 'HCP Terraform Stacks',
    hides: 'its components and deployments are in no answer',
    wide: false,
    feedsRoots: false,
    mark: /\.(?:tfcomponent|tfstack|tfdeploy)\.(?:hcl|json)$/,
  },
  {
    name: 'terramate',
    title: 'Terramate',
    hides: 'order, watched files, globals and outputs shared between its stacks are in no answer',
    wide: true,
    feedsRoots: true,
    mark: /\.tm(?:\.hcl)?$/,
  },
  {
    name: 'atmos',
    title: 'Atmos',
    hides: 'what its stacks set and read is in no answer',
    wide: true,
    feedsRoots: true,
    mark: /(?:^|\/)\.?atmos\.ya?ml$/,
  },
  {
    name: 'terraspace',
    title: 'Terraspace',
    hides: 'its stacks, their var-files and what they read of each other are in no answer',
    wide: true,
    feedsRoots: true,
    mark: /(?:^|\/)app\/stacks\/[^/]+\/(?:.+\/)?[^/]+\.(?:tf|tfvars|rb)$/,
    beside:
      /(?:^|\/)config\/(?:app\.rb|terraform\/[^/]+\.(?:tf|rb))$|(?:^|\/)app\/stacks\/[^/]+\/tfvars\/|(?:^|\/)Terrafile$/,
  },
  {
    name: 'cdktf',
    title: 'CDK for Terraform',
    hides: 'what its program makes is in no answer',
    wide: false,
    feedsRoots: false,
    mark: /(?:^|\/)cdktf\.json$/,
  },
];

const endings = /\.(?:hcl|tm|json|ya?ml|rb|tfvars|tf)$/;

/** The layout that a file is a mark of. */
export function unreadLayoutOf(path: string): UnreadLayout | undefined {
  return endings.test(path) ? unreadLayouts.find(({ mark }) => mark.test(path)) : undefined;
}
