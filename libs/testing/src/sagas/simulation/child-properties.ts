import { hasEnded, stepsOf, stepState } from '@clew/saga/core';
import type { Property } from './property.js';

export const childFitsParent: Property = {
  name: 'a child ends as its parent does',
  flaw: ({ store, cast }, { sagaId, plan, stored: { state }, byHand }) => {
    if (!state || !hasEnded(state)) return undefined;
    for (const { name, child } of stepsOf(plan.definition)) {
      const step = stepState(state, name);
      if (!child || byHand.has(name) || !('action' in step) || !step.action || step.action.attempt === 0)
        continue;
      const id = cast.childOf(sagaId, name, step.action.epoch);
      const fitting = step.status === 'SUCCEEDED' ? 'COMPLETED' : 'COMPENSATED';
      const status = store.read(id).state?.status;
      if (status !== fitting)
        return `it is ${state.status} with ${name} ${step.status}, the child is ${status}`;
    }
    return undefined;
  },
};

export const undoneBeforeSaidSo: Property = {
  name: 'a step that is a saga counts as done, refused or undone only after the child was',
  flaw: ({ store, cast }, { sagaId, plan, events, byHand }) => {
    const epochs = new Map<string, number>();
    for (const { event, at } of events) {
      if (event.type === 'StepStarted') epochs.set(event.step, event.epoch);
      const end =
        event.type === 'StepSucceeded'
          ? 'SagaCompleted'
          : event.type === 'StepRejected' || event.type === 'StepCompensated'
            ? 'SagaCompensated'
            : undefined;
      if (!end || !('step' in event) || byHand.has(event.step) || !plan.children.has(event.step)) continue;
      const id = cast.childOf(sagaId, event.step, epochs.get(event.step) ?? 0);
      const hadEnded = store.commits.some(
        (commit) => commit.sagaId === id && commit.at < at && commit.events.some(({ type }) => type === end),
      );
      if (!hadEnded) return `${event.type} ${event.step}, but the child had no ${end}`;
    }
    return undefined;
  },
};
