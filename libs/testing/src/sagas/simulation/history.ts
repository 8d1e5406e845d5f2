import { signatureOf } from '@clew/saga/core';
import { playChaoticPhase } from './chaotic-phase.js';
import { noCoverage, type Coverage } from './coverage.js';
import { countEnding } from './count-ending.js';
import { drawScenario, type Given } from './draw-scenario.js';
import { playFairPhase } from './fair-phase.js';
import { ALL_GUARDS, type Guards } from './guards.js';
import { PROPERTIES } from './properties.js';
import type { Property } from './property.js';
import { SAGA_CORE, type SagaCore } from './saga-core.js';
import { recordOf } from './saga-record.js';
import type { Coordination } from './scenario.js';
import { Tape } from './tape.js';
import { shortName, type Trace } from './trace.js';
import { World } from './world.js';

/** What a history is made of: the tape of its cast and the tape of its schedule. */
export interface HistoryTapes {
  readonly cast: readonly number[];
  readonly schedule: readonly number[];
}

export interface HistoryOptions {
  readonly core?: SagaCore;
  readonly guards?: Partial<Guards>;
  /** Counted on, over all histories that are given the same one. */
  readonly coverage?: Coverage;
  readonly trace?: Trace;
  /** A definition of one's own instead of a drawn one. */
  readonly given?: Given;
  /** What has to hold besides what holds for every saga. */
  readonly properties?: readonly Property[];
  /** Of a definition that can be choreographed. Default: drawn. */
  readonly coordination?: Coordination;
}

/** A promise that a history broke. */
export interface Violation {
  readonly property: string;
  readonly flaw: string;
}

/** An error anywhere is a violation of this: no order of messages may make the core throw. */
export const NOTHING_THROWS = 'nothing throws, and the world comes to rest';

/** The names of all that a violation can name. */
export const PROMISES: readonly string[] = [...PROPERTIES.map(({ name }) => name), NOTHING_THROWS];

/** Plays a history to its end and checks every property. Returns the first that is broken. */
export function playHistory(tapes: HistoryTapes, options: HistoryOptions = {}): Violation | undefined {
  const { core = SAGA_CORE, guards, coverage = noCoverage(), trace, given, coordination } = options;
  const scenario = drawScenario(new Tape(tapes.cast), given, coordination);
  trace?.push(`${scenario.coordination} of ${signatureOf(scenario.definition)}`);
  const world = new World(scenario, core, { ...ALL_GUARDS, ...guards }, coverage, trace);
  try {
    playChaoticPhase(world, new Tape(tapes.schedule));
    playFairPhase(world, new Tape(tapes.cast));
  } catch (error) {
    return { property: NOTHING_THROWS, flaw: String(error) };
  }
  coverage.histories++;
  if (scenario.coordination === 'choreography') coverage.choreographed++;
  const sagas = world.cast.all
    .filter(({ sagaId, parent }) => !parent || world.store.read(sagaId).state)
    .map((actor) => recordOf(world, actor));
  for (const saga of sagas) countEnding(coverage, world.ledger, saga);
  for (const saga of sagas) {
    for (const { name, flaw } of [...PROPERTIES, ...(options.properties ?? [])]) {
      const found = flaw(world, saga);
      if (found) return { property: name, flaw: `saga ${shortName(saga.sagaId)}: ${found}` };
    }
  }
  return undefined;
}
