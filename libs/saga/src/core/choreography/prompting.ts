import { participantOf } from '../command.js';
import { stepsOf, type SagaDefinition, type Stage } from '../definition.js';
import { stepState, type SagaState } from '../state.js';
import { topicOf, type FactType } from './fact.js';

/**
 * The participant that keeps the one row of a choreographed saga, by which it turns back or ends: that of the first step,
 * as it hears of every start anyway.
 */
export function ownerOf({ stages }: SagaDefinition): string {
  return participantOf(stages[0]![0]!.action.type);
}

/** Where the saga leaves what it can turn back from; the number of stages when it never does. */
export function committedFrom({ stages }: SagaDefinition): number {
  const index = stages.findIndex(([first]) => first?.kind !== 'compensatable');
  return index < 0 ? stages.length : index;
}

/**
 * The stages on whose end a stage begins: the one before, and further ones as long as those between may be skipped as a
 * whole. `start` when it may be the first. None when it begins at the owner's word only: the first stage that can't be
 * undone has to be decided on in the owner's row, and of several steps side by side only the owner knows that all are done.
 */
export function promptsOf(
  definition: SagaDefinition,
  stage: number,
): { readonly start: boolean; readonly stages: readonly number[] } {
  const committed = committedFrom(definition);
  if (stage === committed) return { start: false, stages: [] };
  const floor = stage > committed ? committed : 0;
  const stages: number[] = [];
  for (let before = stage - 1; before >= floor; before--) {
    const earlier = definition.stages[before]!;
    if (earlier.length > 1) return { start: false, stages };
    stages.push(before);
    if (!mayBeSkipped(earlier)) return { start: false, stages };
  }
  return { start: floor === 0 && stage < committed, stages };
}

function mayBeSkipped(stage: Stage): boolean {
  return stage.every(({ when }) => when !== undefined);
}

/** Whether the participants know by themselves that a step has its turn; else the owner has to ask for it. */
export function isPrompted(definition: SagaDefinition, state: SagaState, step: string): boolean {
  const own = stageOf(definition, step);
  const skips = (index: number) =>
    definition.stages[index]!.every(({ name }) => stepState(state, name).status === 'SKIPPED');
  let before = own - 1;
  while (before >= 0 && skips(before)) before--;
  const { start, stages } = promptsOf(definition, own);
  if (!(before < 0 ? start : stages.includes(before))) return false;
  return definition.stages
    .slice(Math.max(before, 0), own)
    .every((stage) => stage.every(({ name }) => isPublic(state, name)));
}

/** A step that an operator has skipped was skipped without anybody's hearing. */
function isPublic(state: SagaState, name: string): boolean {
  const step = stepState(state, name);
  return step.status === 'SUCCEEDED' || (step.status === 'SKIPPED' && step.because === 'condition');
}

export function stageOf({ stages }: SagaDefinition, step: string): number {
  return stages.findIndex((stage) => stage.some(({ name }) => name === step));
}

/** The topics that a participant listens to in order to act. */
export function topicsOf(definition: SagaDefinition, participant: string): string[] {
  const { name: saga, stages } = definition;
  const topics = new Set<string>();
  const listen = (type: FactType, step?: string) => topics.add(topicOf(saga, { type, step }));
  for (const [place, { name, kind, action }] of stepsOf(definition).entries()) {
    if (participantOf(action.type) !== participant) continue;
    const prompts = promptsOf(definition, stageOf(definition, name));
    if (prompts.start) listen('started');
    for (const before of prompts.stages)
      for (const member of stages[before]!) listen('succeeded', member.name);
    listen('asked', name);
    if (kind !== 'compensatable') continue;
    listen('undo-asked', name);
    for (const later of stepsOf(definition).slice(place + 1)) {
      if (later.kind !== 'compensatable') break;
      listen('compensated', later.name);
      listen('undo-refused', later.name);
    }
  }
  return [...topics].sort();
}

/** The topics that the owner listens to in order to decide: everything but its own word. */
export function ownerTopicsOf({ name: saga, stages }: SagaDefinition): string[] {
  const types = ['succeeded', 'rejected', 'compensated', 'undo-refused'] as const;
  const steps = stages
    .flat()
    .flatMap(({ name: step, kind }) =>
      types
        .filter((type) => kind === 'compensatable' || type === 'succeeded' || type === 'rejected')
        .map((type) => topicOf(saga, { type, step })),
    );
  return [topicOf(saga, { type: 'started' }), topicOf(saga, { type: 'requested' }), ...steps].sort();
}

/** Somebody with a part in a choreographed saga: a participant that acts, or the one that owns the saga's row. */
export interface Listener {
  readonly participant: string;
  readonly role: 'acts' | 'owns';
  readonly topics: readonly string[];
}

/** All who have to hear of a saga. */
export function listenersOf(definition: SagaDefinition): Listener[] {
  const names = new Set(stepsOf(definition).map(({ action }) => participantOf(action.type)));
  const acting = [...names].map((participant) => {
    return { participant, role: 'acts', topics: topicsOf(definition, participant) } as const;
  });
  return [...acting, { participant: ownerOf(definition), role: 'owns', topics: ownerTopicsOf(definition) }];
}
