import { factOf, stepNamed, type Fact, type OwnCommand, type SagaDefinition } from '@clew/saga/core';
import type { Cast } from './cast.js';
import type { Coverage } from './coverage.js';
import { commandMessage, type FactMessage } from './messages.js';
import type { Participant } from './participant.js';
import type { SagaCore } from './saga-core.js';

/**
 * The side of a participant that acts without being asked: it hears facts, and carries its own steps out when their turn
 * has come. What it hears, does and says of one fact is one transaction.
 */
export class Listener {
  constructor(
    private readonly name: string,
    private readonly participant: Participant,
    private readonly cast: Cast,
    private readonly core: SagaCore,
    private readonly coverage: Coverage,
  ) {}

  hear({ sagaId, fact }: FactMessage): void {
    const definition = this.cast.definitionOf(sagaId);
    const commands = this.reactTo(definition, fact);
    this.participant.commit(
      commands.map((own) => ({
        message: commandMessage(sagaId, definition, own.command),
        say: (outcome) => ({ kind: 'fact', sagaId, fact: factOf(own, outcome) }),
      })),
    );
  }

  private reactTo(definition: SagaDefinition, fact: Fact): OwnCommand[] {
    try {
      return this.core.reactTo(definition, this.name, fact);
    } catch (error) {
      if (!isBroken(definition, fact)) throw error;
      // It lies among the dead letters.
      this.coverage.factsParked++;
      return [];
    }
  }
}

/** Whether it is the definition's own code that throws. */
function isBroken(definition: SagaDefinition, fact: Fact): boolean {
  if (fact.type !== 'asked') return false;
  try {
    stepNamed(definition, fact.step).payload(fact);
    return false;
  } catch {
    return true;
  }
}
