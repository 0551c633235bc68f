import { destroySet } from '../deploy/destroy.ts';
import type { ReferenceRow } from '../model/reference.ts';
import type { EngineContext } from './context.ts';
import { answerOf, declined, optionsOf, portsOf, prepare, questionOf, refuseInCi, tidy } from './deploy.ts';
import type { DeployGround } from './deploy-ground.ts';
import { chooseMembers } from './deploy-members.ts';
import { publisherDuring } from './deploy-publish.ts';
import type { DeployAnswer, DeployFace, DeployQuery } from './deploy-query.ts';
import { resumeInterrupted } from './deploy-resume.ts';

/** Destroys a selection backwards over the recorded graph; refuses what others still consume. */
export async function destroy(context: EngineContext, query: DeployQuery, face: DeployFace): Promise<DeployAnswer> {
  refuseInCi(context);
  const prepared = await prepare(context, query);
  const { ground, id, clock } = prepared;
  try {
    const chosen = await chooseMembers(ground, query);
    const ports = portsOf(prepared, face, { action: 'destroy', contracts: false, outside: [] });
    const resumed = await resumeInterrupted(ground, ports, { action: 'destroy', members: chosen.members, face, query });
    const question = questionOf(ground, 'destroy', resumed.members, chosen, resumed.told);
    if (!(await face.confirm(question))) throw declined();
    const begun = clock.monotonic();
    const publisher = publisherDuring(context, face.listen);
    const result = await destroySet(
      { id, components: resumed.members },
      { ...ports, listen: publisher.listen },
      optionsOf(ground, query, face, resumed.alreadyDone),
      allReferences(ground),
    );
    const version = await publisher.end();
    return answerOf(ground, question, result, (clock.monotonic() - begun) / 1000, version);
  } finally {
    tidy(prepared);
  }
}

function allReferences({ view }: DeployGround): readonly ReferenceRow[] {
  return Array.from({ length: view.graph.edges }, (_, edge) => view.graph.reference(edge));
}
