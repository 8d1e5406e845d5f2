import { isGivenUp, stepNamed, stepsOf, type SagaEvent } from '@clew/saga/core';
import { stepsBefore } from './draw-definition.js';
import type { Property } from './property.js';

export const undosInReverse: Property = {
  name: 'undos start in reverse order of the definition, one at a time; one that an operator retries comes next',
  flaw: (_, { plan, events }) => {
    const order = stepsOf(plan.definition).map(({ name }) => name);
    const retried = new Set<string>();
    let last = order.length;
    let underWay: string | undefined;
    for (const { event } of events) {
      if (event.type === 'StepUnparked') retried.add(event.step);
      if (event.type === 'StepCompensated' || event.type === 'StepParked') {
        if (event.step === underWay) underWay = undefined;
      } else if (event.type === 'StepCompensationStarted') {
        const place = order.indexOf(event.step);
        if (underWay) return `${event.step} was undone while ${underWay} was`;
        if (place >= last && !retried.has(event.step)) return `${event.step} was undone after ${order[last]}`;
        underWay = event.step;
        last = Math.min(last, place);
      }
    }
    return undefined;
  },
};

export const noActionOnTheWayBack: Property = {
  name: 'no action is begun or repeated after compensation began',
  flaw: (_, { events }) => {
    const turn = events.findIndex(({ event }) => event.type === 'CompensationBegan');
    if (turn < 0) return undefined;
    const begun = events
      .slice(turn)
      .find(
        ({ event }) =>
          event.type === 'StepStarted' || (event.type === 'CommandRepeated' && event.direction === 'action'),
      );
    return begun && `${begun.event.type} came after CompensationBegan`;
  },
};

export const stagesInOrder: Property = {
  name: 'members of a group start together, when all steps before them are done or skipped',
  flaw: (_, { plan, events }) => {
    const passed = new Set<string>();
    const retried = new Set<string>();
    const started: string[] = [];
    for (const [index, { event }] of events.entries()) {
      if (event.type === 'StepSucceeded' || event.type === 'StepSkipped') passed.add(event.step);
      if (event.type === 'StepUnparked') retried.add(event.step);
      if (event.type !== 'StepStarted') continue;
      started.push(`${event.step}/${event.epoch}#${event.attempt}`);
      const early = stepsBefore(plan.definition, event.step).find((name) => !passed.has(name));
      if (early) return `${event.step} began before ${early} was done`;
      if (retried.has(event.step)) continue;
      const group = plan.definition.stages.find((stage) => stage.some((s) => s.name === event.step))!;
      const at = group.findIndex(({ name }) => name === event.step);
      const together = events.slice(index - at, index - at + group.length);
      const begun = together.map((moment) => ('step' in moment.event ? moment.event.step : ''));
      if (
        begun.join() !== group.map(({ name }) => name).join() ||
        together.some((m) => m.at !== together[0]!.at)
      ) {
        return `${event.step} began without the others of its group`;
      }
    }
    return new Set(started).size === started.length ? undefined : `steps began twice: ${started.join()}`;
  },
};

export const committedStepsStay: Property = {
  name: 'a pivot or a retriable step is never in doubt and never undone',
  flaw: (_, { plan, events }) => {
    const compensatable = stepsOf(plan.definition).filter(({ kind }) => kind === 'compensatable');
    const names = new Set(compensatable.map(({ name }) => name));
    const wrong = events.find(
      ({ event }) =>
        (event.type === 'StepLeftInDoubt' || event.type === 'StepCompensationStarted') &&
        !names.has(event.step),
    );
    return wrong && `${wrong.event.type} happened to one`;
  },
};

export const attemptsCountUp: Property = {
  name: 'a command is repeated attempt by attempt, and no more often than its policy says while it can be given up',
  flaw: (_, { plan, events }) => {
    const attempts = new Map<string, number>();
    const before = new Map<string, number>();
    for (const { event } of events) {
      if (event.type === 'StepCompensationStarted' || event.type === 'StepStarted') {
        const direction = event.type === 'StepStarted' ? 'action' : 'compensation';
        const key = `${event.step}/${direction}/${event.epoch}`;
        if (event.attempt !== (attempts.get(key) ?? 0) + 1)
          return `${key} jumped to attempt ${event.attempt}`;
        attempts.set(key, event.attempt);
        before.set(key, event.attempt - 1);
      }
      if (event.type !== 'CommandRepeated') continue;
      const { step, direction, epoch, attempt } = event;
      const key = `${step}/${direction}/${epoch}`;
      if (attempt !== (attempts.get(key) ?? 1) + 1) return `${key} jumped to attempt ${attempt}`;
      attempts.set(key, attempt);
      const mayEnd = direction === 'compensation' || isGivenUp(stepNamed(plan.definition, step));
      const inThisRound = attempt - (before.get(key) ?? 0);
      if (mayEnd && inThisRound > plan.policies[direction].attempts) return `${key}: attempt ${attempt}`;
    }
    return undefined;
  },
};

export const sameCommandAgain: Property = {
  name: 'a command that is sent again is the same command',
  flaw: (_, { commits }) => {
    const sent = new Map<string, string>();
    for (const { id, command } of commits.flatMap(({ commands }) => commands)) {
      const text = JSON.stringify({ ...command, attempt: 0 });
      if (sent.has(id) && sent.get(id) !== text) return `${id} was ${sent.get(id)}, then ${text}`;
      sent.set(id, text);
    }
    return undefined;
  },
};

export const payloadsComplete: Property = {
  name: "a command carries the saga's input and the results of all steps before it",
  flaw: ({ scenario }, { plan, commits, events }) => {
    // A team's own payloads are its own business.
    if (scenario.definition.name !== 'drawn') return undefined;
    const { input } = commits[0]?.state ?? {};
    const results = new Map<string, object>();
    for (const { event } of events) if (event.type === 'StepSucceeded') results.set(event.step, event.result);
    for (const { command } of commits.flatMap(({ commands }) => commands)) {
      if (command.direction === 'compensation') continue;
      if (plan.children.has(command.step)) {
        const handed = (command.payload as { input: unknown }).input;
        if (handed !== input) return `${command.step} handed on ${JSON.stringify(handed)}`;
        continue;
      }
      const before = stepsBefore(plan.definition, command.step);
      const after = Object.fromEntries(before.map((name) => [name, results.get(name)]));
      const expected = JSON.stringify({ order: input, after });
      const actual = JSON.stringify(command.payload);
      if (actual !== expected) return `${command.step} carried ${actual} instead of ${expected}`;
    }
    return undefined;
  },
};

export const outcomesOnce: Property = {
  name: 'each outcome of a step is recorded once, however often it is told; once more after a retry',
  flaw: (_, { events }) => {
    const recorded = new Set<string>();
    const rounds = new Map<string, number>();
    for (const { event } of events) {
      if (event.type === 'StepUnparked') rounds.set(event.step, (rounds.get(event.step) ?? 0) + 1);
      if (!isOutcome(event)) continue;
      const kind = event.type === 'StepParked' ? event.reason.kind : '';
      const outcome = `${event.type} ${event.step} ${kind} ${rounds.get(event.step) ?? 0}`;
      if (recorded.has(outcome)) return `${outcome} was recorded twice`;
      recorded.add(outcome);
    }
    return undefined;
  },
};

const OUTCOMES = [
  'StepSucceeded',
  'StepRejected',
  'StepLeftInDoubt',
  'StepCompensated',
  'StepParked',
] as const;

function isOutcome(event: SagaEvent): event is Extract<SagaEvent, { type: (typeof OUTCOMES)[number] }> {
  return (OUTCOMES as readonly string[]).includes(event.type);
}
