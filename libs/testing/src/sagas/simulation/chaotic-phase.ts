import { pendingCommand, stepsOf, type Operation } from '@clew/saga/core';
import type { Decider } from './decider.js';
import { forgedAnswer } from './forged-answer.js';
import type { Inbound, ToParticipant } from './messages.js';
import type { Tape } from './tape.js';
import { describeInbound } from './trace.js';
import type { World } from './world.js';

/** Something that can happen next; it says no when there is nothing for it to happen to. */
type Happening = (world: World, tape: Tape) => boolean;

function one<Item>(items: readonly Item[], tape: Tape): Item {
  return items[tape.pick(items.length)]!;
}

function busyIn(world: World): Decider[] {
  return world.deciders.filter(({ isIdle }) => !isIdle);
}

const deliver: Happening = (world, tape) => {
  const { length } = world.broker.toParticipants;
  if (length === 0) return false;
  world.deliver(tape.pick(length), tape.chance(8));
  return true;
};

const takeBatch: Happening = (world, tape) => {
  const idle = world.deciders.filter(({ isIdle }) => isIdle);
  const { length } = world.broker.toDeciders;
  if (idle.length === 0 || length === 0) return false;
  const size = 1 + tape.pick(3);
  const places = new Set(Array.from({ length: size }, () => tape.pick(length)));
  const deadlines = tape.chance(15) ? [...world.store.deadlines.values()].slice(-1) : [];
  world.takeBatch(one(idle, tape), places, deadlines);
  return true;
};

/** Whether they are due or not, and though somebody else may be firing them already. */
const fireDeadlines: Happening = (world, tape) => {
  const idle = world.deciders.filter(({ isIdle }) => isIdle);
  const deadlines = [...world.store.deadlines.values()];
  if (idle.length === 0 || deadlines.length === 0) return false;
  const first = tape.pick(deadlines.length);
  world.takeBatch(one(idle, tape), new Set(), deadlines.slice(first, first + 1 + tape.pick(2)));
  return true;
};

const moveOn: Happening = (world, tape) => {
  const busy = busyIn(world);
  if (busy.length === 0) return false;
  world.moveOn(one(busy, tape));
  return true;
};

const crashDecider: Happening = (world, tape) => {
  const busy = busyIn(world);
  if (busy.length === 0) return false;
  world.crash(one(busy, tape));
  return true;
};

const duplicate: Happening = (world, tape) => {
  const { toParticipants, toDeciders } = world.broker;
  if (tape.chance(50)) {
    if (toParticipants.length === 0) return false;
    toParticipants.push(one(toParticipants, tape));
  } else {
    if (toDeciders.length === 0) return false;
    toDeciders.push(one(toDeciders, tape));
  }
  world.coverage.duplicated++;
  world.trace?.push('duplicate a message');
  return true;
};

/**
 * Only messages of the broker are lost. A start counts as accepted once the row is written, or once those who write it
 * have heard of it for sure; locks and wishes come by row.
 */
const lose: Happening = (world, tape) => {
  const { toParticipants, toDeciders } = world.broker;
  const queue = tape.chance(50) ? toParticipants : toDeciders;
  const place = tape.pick(Math.max(queue.length, 1));
  const message = queue[place];
  if (!message || isSafe(message)) return false;
  queue.splice(place, 1);
  world.coverage.lost++;
  world.trace?.push('lose a message');
  return true;
};

function isSafe(message: Inbound | ToParticipant): boolean {
  if (message.kind === 'fact') return message.fact.type === 'started' && !('participant' in message);
  return message.kind !== 'command' && message.kind !== 'reply';
}

/** About a step that really is waited for. */
const forgeAnswer: Happening = (world, tape) => {
  const { sagaId, definition } = one(world.cast.all, tape);
  const { state } = world.store.read(sagaId);
  const awaited = stepsOf(definition).filter(({ name }) => state && pendingCommand(state, name));
  if (awaited.length === 0) return false;
  const isUndo = !tape.chance(50);
  const { name } = one(awaited, tape);
  const forged = forgedAnswer(world.scenario, sagaId, name, isUndo, tape.chance(50));
  world.broker.toDeciders.push(forged);
  world.coverage.forgedReplies++;
  world.trace?.push(`forge ${describeInbound(forged)}`);
  return true;
};

const sweep: Happening = (world, tape) => {
  const { length } = world.store.outbox;
  if (length > 0) world.sweepOutbox(tape.pick(length), tape.chance(10));
  else world.sweepParticipants();
  return true;
};

const grantLocks: Happening = (world) => world.grantLocks();

/** Only of a lock that its holder knows of: until it has heard, the lease hasn't begun. */
const endLease: Happening = (world, tape) => {
  const keys = world.locks.contended.filter((key) =>
    world.store.begun.some((sagaId) => world.believesToHold(sagaId, key)),
  );
  if (keys.length === 0) return false;
  world.endLease(one(keys, tape));
  return true;
};

const releaseBugs: Happening = (world) => {
  world.scenario.releaseBugs();
  return true;
};

/** Whether it makes sense or not. */
const operate: Happening = (world, tape) => {
  const { sagaId, definition } = one(world.cast.all, tape);
  const step = one(stepsOf(definition), tape).name;
  const operations: readonly Operation[] = [
    { action: 'retry', step },
    { action: 'skip', step },
    { action: 'mark-done', step, result: { byHand: true } },
    { action: 'cancel' },
    { action: 'compensate' },
  ];
  world.wish(sagaId, one(operations, tape));
  return true;
};

const WEIGHTED: readonly (readonly [weight: number, happening: Happening])[] = [
  [30, moveOn],
  [24, deliver],
  [20, takeBatch],
  [9, fireDeadlines],
  [5, crashDecider],
  [4, duplicate],
  [3, lose],
  [1, forgeAnswer],
  [4, sweep],
  [2, grantLocks],
  [1, endLease],
  [1, operate],
  [1, releaseBugs],
];
const LOTS = WEIGHTED.flatMap(([weight, happening]) => Array.from({ length: weight }, () => happening));

/** Lets happen whatever the tape says, until it is spent. */
export function playChaoticPhase(world: World, tape: Tape): void {
  while (!tape.isSpent) LOTS[tape.pick(LOTS.length)]!(world, tape);
}
