import type { ChangeState } from '../../api/answers.ts';

/** The way of a change that goes well. */
const way = ['proposed', 'simulated', 'approved', 'applying', 'applied'] as const satisfies readonly ChangeState[];

/** Where on its way a change is, and where it left it. */
export function StateRail({ state, past }: { readonly state: ChangeState; readonly past: ReadonlySet<ChangeState> }) {
  const onWay = (way as readonly ChangeState[]).includes(state);
  const steps = way.map((step) => ({
    step: step as ChangeState,
    is: step === state ? 'now' : past.has(step) ? 'past' : 'ahead',
  }));
  const shown = onWay ? steps : [...steps.filter(({ is }) => is === 'past'), { step: state, is: 'now' as const }];
  return (
    <ol className="state-rail" aria-label="How far it came">
      {shown.map(({ step, is }) => (
        <li key={step} className={`state-step state-${is}`} aria-current={is === 'now' ? 'step' : undefined}>
          {step}
        </li>
      ))}
    </ol>
  );
}
