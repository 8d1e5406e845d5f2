import type { Policies, SagaDefinition } from '@clew/saga/core';
import type { InstancePlan, Scenario, StepPlan } from './scenario.js';

/** An instance that plays: a saga of the scenario, or a child that one of them has started. */
export interface Actor extends InstancePlan {
  readonly sagaId: string;
  readonly policies: Policies;
  readonly parent?: { readonly sagaId: string; readonly step: string; readonly epoch: number };
}

/** Who plays in a history. Children join when they are first spoken of; the same child has the same id. */
export class Cast {
  private readonly actors = new Map<string, Actor>();
  private readonly children = new Map<string, string>();

  constructor(private readonly scenario: Scenario) {
    const { policies } = scenario;
    for (const saga of scenario.sagas) this.actors.set(saga.sagaId, { ...saga, policies });
  }

  actor(sagaId: string): Actor {
    const found = this.actors.get(sagaId);
    if (!found) throw new Error(`Nobody plays saga ${sagaId}`);
    return found;
  }

  get all(): Actor[] {
    return [...this.actors.values()];
  }

  stepPlan(sagaId: string, step: string): StepPlan {
    return this.actor(sagaId).steps.get(step)!;
  }

  /** The id of the child that a step starts under an epoch. */
  childOf(sagaId: string, step: string, epoch: number): string {
    const key = `${sagaId}/${step}/${epoch}`;
    const known = this.children.get(key);
    if (known) return known;
    const plan = this.actor(sagaId).children.get(step);
    if (!plan) throw new Error(`Step "${step}" starts no child`);
    const id = `c0000000-0000-4000-8000-${String(this.children.size).padStart(12, '0')}`;
    this.children.set(key, id);
    const { policies } = this.scenario;
    this.actors.set(id, { ...plan, sagaId: id, policies, parent: { sagaId, step, epoch } });
    return id;
  }

  definitionOf(sagaId: string): SagaDefinition {
    return this.actor(sagaId).definition;
  }
}
