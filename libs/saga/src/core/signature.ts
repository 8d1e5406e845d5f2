import type { SagaDefinition, StepDefinition } from './definition.js';

const NEXT_STAGE = ' > ';
const BESIDE = ' | ';

/**
 * What makes two definitions the same for instances in flight: steps, their order, kinds and commands, as one line.
 * Policies, conditions, locks and payload functions aren't part of it: they may change under running instances.
 */
export function signatureOf(definition: SagaDefinition): string {
  return definition.stages.map((stage) => stage.map(describe).join(BESIDE)).join(NEXT_STAGE);
}

function describe({ name, kind, action, compensation, child }: StepDefinition): string {
  if (child) return `${name}:${kind}:saga ${child.name} v${child.version}`;
  return `${name}:${kind}:${action.type}${compensation ? `/${compensation.type}` : ''}`;
}

interface Place {
  readonly stage: number;
  readonly is: string;
}

/**
 * The first thing in which a definition differs from an earlier one, as a clause that names the step; both are given by
 * their signatures. `undefined` when they are the same.
 */
export function differenceBetween(earlier: string, later: string): string | undefined {
  if (earlier === later) return undefined;
  const [before, now] = [placesIn(earlier), placesIn(later)];
  for (const [name, { is }] of before) {
    const found = now.get(name);
    if (!found) return `step "${name}" (${is}) is gone`;
    if (found.is !== is) return `step "${name}" was ${is} and is ${found.is} now`;
  }
  for (const [name, { is }] of now) if (!before.has(name)) return `step "${name}" (${is}) is new`;
  const moved = [...before].find(
    ([name, { stage }], index) => now.get(name)?.stage !== stage || [...now.keys()][index] !== name,
  );
  return `step "${moved?.[0]}" stands at another place in the order`;
}

function placesIn(signature: string): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const [stage, members] of signature.split(NEXT_STAGE).entries()) {
    for (const member of members.split(BESIDE)) {
      const [name = '', kind, ...commands] = member.split(':');
      places.set(name, { stage, is: `${kind} ${commands.join(':')}` });
    }
  }
  return places;
}
