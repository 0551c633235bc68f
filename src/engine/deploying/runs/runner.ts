import type { Seal } from '../../../model/record.ts';
import type { Applied, Outputs, OutputValue, Plan, Runner } from '../../../run/port.ts';

/**
 * A runner that tells what its run left, and takes for sensitive what holds a known secret although Terraform does not know
 * that it is one.
 */
export function watchedRunner(
  runner: Runner,
  { seal, secrets, onOutputs }: { seal: Seal; secrets: readonly string[]; onOutputs: (outputs: Outputs) => void },
): Runner {
  const cover = (outputs: Outputs): Outputs => coverSecrets(outputs, secrets, seal);
  return {
    version: () => runner.version(),
    plan: async (job, options, control): Promise<Plan> => {
      const plan = await runner.plan(job, options, control);
      const outputs = cover(plan.outputs);
      if (options.mode === 'apply' && !plan.anyChange) onOutputs(outputs);
      return { ...plan, outputs };
    },
    reopen: async (job, kept, control): Promise<Plan> => {
      const plan = await runner.reopen(job, kept, control);
      const outputs = cover(plan.outputs);
      if (!plan.anyChange) onOutputs(outputs);
      return { ...plan, outputs };
    },
    apply: async (job, plan, control): Promise<Applied> => {
      const applied = await runner.apply(job, plan, control);
      const outputs = cover(applied.outputs);
      onOutputs(outputs);
      return { ...applied, outputs };
    },
    outputs: async (job, control) => cover(await runner.outputs(job, control)),
    state: (job, control) => runner.state(job, control),
    rejoin: (mark, options, control) => runner.rejoin(mark, options, control),
    clean: (job) => runner.clean(job),
  };
}

/** Shorter texts stand everywhere: `dev` as a password hides nothing. */
const shortest = 6;

function coverSecrets(outputs: Outputs, secrets: readonly string[], seal: Seal): Outputs {
  const known = secrets.filter((secret) => secret.length >= shortest);
  if (known.length === 0) return outputs;
  const covered: Record<string, OutputValue> = {};
  for (const [name, output] of Object.entries(outputs)) {
    const text = output.sensitive ? '' : JSON.stringify(output.value ?? null);
    const holds = known.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)));
    covered[name] = holds ? { sensitive: true, digest: seal(output.value) } : output;
  }
  return covered;
}
