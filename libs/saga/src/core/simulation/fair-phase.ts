import type { World } from './world.js';

/** More rounds than any history can need: beyond them it will never come to rest. */
const ENOUGH = 10_000;

/**
 * Nothing is lost, repeated or overtaken any more, nobody crashes, and a deadline fires only when nothing else is left
 * to do. Ends when the world has come to rest: no message on its way, none to be published, no deadline.
 */
export function playFairPhase(world: World): void {
  world.trace?.push('— from here on fair —');
  for (let round = 0; round < ENOUGH; round++) {
    if (!moveOn(world) && !fireOneDeadline(world)) return;
  }
  throw new Error('The history does not come to rest');
}

function moveOn(world: World): boolean {
  const busy = world.orchestrators.find(({ isIdle }) => !isIdle);
  if (busy) {
    world.moveOn(busy);
    return true;
  }
  if (world.store.outbox.length > 0) {
    world.sweepCommand(0, false);
    return true;
  }
  world.sweepReplies();
  if (world.toParticipants.length > 0) {
    world.deliverCommand(0, false);
    return true;
  }
  if (world.toOrchestrators.length > 0) {
    world.takeBatch(world.orchestrators[0]!, new Set([0, 1]), []);
    return true;
  }
  return false;
}

function fireOneDeadline(world: World): boolean {
  const [deadline] = world.store.deadlines.values();
  if (!deadline) return false;
  world.takeBatch(world.orchestrators[0]!, new Set(), [deadline]);
  return true;
}
