import {
  hasEnded,
  pendingCommand,
  SAGA_PARTICIPANT,
  stepNamed,
  stepsOf,
  type Operation,
} from '@clew/saga/core';
import type { Deadline } from './instance-store.js';
import type { Tape } from './tape.js';
import type { World } from './world.js';

/** More rounds than any history can need: beyond them it will never come to rest. */
const ENOUGH = 10_000;
/** How often a child that doesn't end is asked for: it is STUCK, and so the parent waits. */
const ENOUGH_ASKING = 20;
/** So often the operator tries, then puts an end to it. */
const PATIENCE = 3;

/**
 * Nothing is lost, repeated or overtaken any more, nobody crashes, and a deadline fires only when nothing else is left
 * to do. If there is an operator, they see to what is STUCK. Ends when the world has come to rest: no message on its way,
 * none to be published, no deadline.
 */
export function playFairPhase(world: World, tape: Tape): void {
  world.trace?.push('— from here on fair —');
  settle(world);
  if (!world.scenario.hasOperator) return;
  world.trace?.push('— the operator comes —');
  world.scenario.mendBugs();
  for (let round = 0; round < ENOUGH && operate(world, tape, round); round++) settle(world);
}

/** Lets everything arrive that is on its way, and fires no deadline. */
export function playToRest(world: World): void {
  for (let round = 0; round < ENOUGH; round++) if (!moveOn(world)) return;
  throw new Error('The history does not come to rest');
}

function settle(world: World): void {
  const asked = new Map<string, number>();
  for (let round = 0; round < ENOUGH; round++) {
    if (!moveOn(world) && !fireOneDeadline(world, asked) && !endOneLease(world)) return;
  }
  throw new Error('The history does not come to rest');
}

function moveOn(world: World): boolean {
  const busy = world.deciders.find(({ isIdle }) => !isIdle);
  if (busy) {
    world.moveOn(busy);
    return true;
  }
  if (world.store.outbox.length > 0) {
    world.sweepOutbox(0, false);
    return true;
  }
  world.sweepParticipants();
  if (world.broker.toParticipants.length > 0) {
    world.deliver(0, false);
    return true;
  }
  if (world.broker.toDeciders.length > 0) {
    world.takeBatch(world.deciders[0]!, new Set([0, 1]), []);
    return true;
  }
  return world.grantLocks();
}

function fireOneDeadline(world: World, asked: Map<string, number>): boolean {
  for (const [id, deadline] of world.store.deadlines) {
    if (asksForChild(world, deadline)) {
      const times = asked.get(id) ?? 0;
      if (times === ENOUGH_ASKING) continue;
      asked.set(id, times + 1);
    }
    world.takeBatch(world.deciders[0]!, new Set(), [deadline]);
    return true;
  }
  return false;
}

function asksForChild(world: World, { sagaId, step }: Deadline): boolean {
  const found = stepsOf(world.cast.definitionOf(sagaId)).find(({ name }) => name === step);
  return found?.action.type.startsWith(`${SAGA_PARTICIPANT}.`) ?? false;
}

/** A holder that is STUCK keeps its lock until the lease ends. */
function endOneLease(world: World): boolean {
  const [key] = world.locks.contended;
  if (key === undefined) return false;
  world.endLease(key);
  return true;
}

/** Acts on every step that is STUCK. False when there is none. */
function operate(world: World, tape: Tape, round: number): boolean {
  let hasActed = false;
  for (const sagaId of world.store.begun) {
    const { state } = world.store.read(sagaId);
    if (!state || hasEnded(state)) continue;
    for (const [step, { status }] of Object.entries(state.steps)) {
      if (status !== 'STUCK' || pendingCommand(state, step)) continue;
      hasActed = true;
      const operation = choose(world, sagaId, step, tape, round);
      world.wish(sagaId, operation);
    }
  }
  return hasActed;
}

function choose(world: World, sagaId: string, step: string, tape: Tape, round: number): Operation {
  if (round < PATIENCE) return { action: 'retry', step };
  const { kind } = stepNamed(world.cast.definitionOf(sagaId), step);
  const byHand: Operation = { action: 'mark-done', step, result: { byHand: true } };
  return kind === 'pivot' || tape.chance(50) ? byHand : { action: 'skip', step };
}
