import { stepsOf } from '../definition.js';
import type { SagaEvent } from '../events.js';
import type { Property } from './property.js';
import { stepsBefore } from './draw-definition.js';

export const undosInReverse: Property = {
  name: 'undos start in reverse order of the definition, one at a time',
  flaw: ({ scenario }, { events }) => {
    const order = stepsOf(scenario.definition).map(({ name }) => name);
    let last = order.length;
    let underWay: string | undefined;
    for (const { event } of events) {
      if (event.type === 'StepCompensated' || event.type === 'StepParked') {
        if (event.step === underWay) underWay = undefined;
      } else if (event.type === 'StepCompensationStarted') {
        const place = order.indexOf(event.step);
        if (underWay) return `${event.step} was undone while ${underWay} was`;
        if (place >= last) return `${event.step} was undone after ${order[last]}`;
        [underWay, last] = [event.step, place];
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
  name: 'members of a group start together, when all steps before them are done',
  flaw: ({ scenario }, { events }) => {
    const done = new Set<string>();
    const started: string[] = [];
    for (const [index, { event }] of events.entries()) {
      if (event.type === 'StepSucceeded') done.add(event.step);
      if (event.type !== 'StepStarted') continue;
      started.push(event.step);
      const early = stepsBefore(scenario.definition, event.step).find((name) => !done.has(name));
      if (early) return `${event.step} began before ${early} was done`;
      const group = scenario.definition.stages.find((stage) => stage.some((s) => s.name === event.step))!;
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
  flaw: ({ scenario }, { events }) => {
    const compensatable = stepsOf(scenario.definition).filter(({ kind }) => kind === 'compensatable');
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
  flaw: ({ scenario }, { events }) => {
    const attempts = new Map<string, number>();
    for (const { event } of events) {
      if (event.type !== 'CommandRepeated') continue;
      const { step, direction, attempt } = event;
      const key = `${step}/${direction}`;
      if (attempt !== (attempts.get(key) ?? 1) + 1) return `${key} jumped to attempt ${attempt}`;
      attempts.set(key, attempt);
      const { kind } = stepsOf(scenario.definition).find(({ name }) => name === step)!;
      const isGivenUp = direction === 'compensation' || kind === 'compensatable';
      if (isGivenUp && attempt > scenario.policies[direction].attempts) return `${key}: attempt ${attempt}`;
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
    const results = new Map<string, object>();
    for (const { event } of events) if (event.type === 'StepSucceeded') results.set(event.step, event.result);
    for (const { command } of commits.flatMap(({ commands }) => commands)) {
      if (command.direction === 'compensation') continue;
      const before = stepsBefore(scenario.definition, command.step);
      const after = Object.fromEntries(before.map((name) => [name, results.get(name)]));
      const expected = JSON.stringify({ order: plan.input, after });
      const actual = JSON.stringify(command.payload);
      if (actual !== expected) return `${command.step} carried ${actual} instead of ${expected}`;
    }
    return undefined;
  },
};

export const outcomesOnce: Property = {
  name: 'each outcome of a step is recorded once, however often it is told',
  flaw: (_, { events }) => {
    const recorded = new Set<string>();
    for (const { event } of events) {
      if (!isOutcome(event)) continue;
      const outcome = `${event.type} ${event.step} ${event.type === 'StepParked' ? event.reason.kind : ''}`;
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
