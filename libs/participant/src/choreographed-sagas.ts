import {
  factMessage,
  factRoutesOf,
  fingerprintOf,
  readFactMessage,
  type Answer,
  type FactEnvelope,
  type WireMessage,
} from '@clew/envelope';
import type { Delivery, Routes } from '@clew/broker';
import {
  choreographyFlaw,
  commandId,
  factOf,
  listenersOf,
  participantOf,
  reactTo,
  readFact,
  signatureOf,
  stepsOf,
  topicsOf,
  wordsOf,
  type OwnCommand,
  type SagaDefinition,
} from '@clew/saga/core';
import type { ReceivedCommand } from './received-command.js';

/** A fact that no definition of this participant fits. */
class UnknownDefinition extends Error {
  override readonly name = 'UnknownDefinition';
}

/**
 * The sagas in which a participant acts by itself: what it hears becomes commands of its own, which go the same way as those
 * of an orchestrator, and what becomes of them is said to all.
 */
export class ChoreographedSagas {
  readonly #participant: string;
  readonly #definitions = new Map<string, { definition: SagaDefinition; hash: string }>();

  /** @throws Error with a sentence when one of them can't be choreographed, or has no part for the participant */
  constructor(participant: string, definitions: readonly SagaDefinition[]) {
    this.#participant = participant;
    for (const definition of definitions) {
      const { name, version } = definition;
      const flaw = choreographyFlaw(definition);
      if (flaw) throw new Error(`Saga ${name} v${version} can't be choreographed: ${flaw}.`);
      if (topicsOf(definition, participant).length === 0)
        throw new Error(`Saga ${name} v${version} has no step for the participant ${participant}.`);
      const hash = fingerprintOf(signatureOf(definition));
      this.#definitions.set(keyOf(name, version), { definition, hash });
    }
  }

  /** The queues of all who have a part in these sagas: what one says waits for those who have never been up. */
  get routes(): Routes {
    return factRoutesOf([...this.#definitions.values()].flatMap(({ definition }) => listenersOf(definition)));
  }

  /** Of all that this participant may have to give itself. */
  get commandTypes(): string[] {
    const steps = [...this.#definitions.values()].flatMap(({ definition }) => stepsOf(definition));
    return steps
      .filter(({ action }) => participantOf(action.type) === this.#participant)
      .flatMap(({ action, compensation }) => [action.type, ...(compensation ? [compensation.type] : [])]);
  }

  /**
   * The commands that a fact brings for this participant: often none, as topics are wider than what it has to do.
   *
   * @throws Error that says what is wrong with it
   */
  commandsOn(delivery: Delivery, subscription: number): ReceivedCommand[] {
    const envelope = readFactMessage(delivery);
    const definition = this.#definitionOf(envelope);
    const fact = readFact(envelope.saga, envelope.topic, envelope.body);
    return reactTo(definition, this.#participant, fact).map((own) => ({
      envelope: commandEnvelopeOf(envelope, own),
      payload: own.command.payload,
      answerWith: (answer) => factFrom(envelope, own, answer),
      deliveries: [delivery],
      subscription,
    }));
  }

  #definitionOf({ saga, version, definition: hash }: FactEnvelope): SagaDefinition {
    const found = this.#definitions.get(keyOf(saga, version));
    if (!found) throw new UnknownDefinition(`${this.#participant} has no part in saga ${saga} v${version}`);
    if (found.hash !== hash)
      throw new UnknownDefinition(`Saga ${saga} v${version} has other steps here than where this was said`);
    return found.definition;
  }
}

function commandEnvelopeOf(
  { sagaId, saga }: FactEnvelope,
  { command }: OwnCommand,
): ReceivedCommand['envelope'] {
  const { payload: _payload, participant: _participant, ...rest } = command;
  return { ...rest, commandId: commandId(sagaId, command), sagaId, saga, replyTo: `${saga}.${command.step}` };
}

function factFrom(heard: FactEnvelope, own: OwnCommand, { outcome, body }: Answer): WireMessage {
  const { sagaId, saga, version, definition } = heard;
  const fact = factOf(
    own,
    outcome === 'done' ? { kind: 'done', result: body } : { kind: 'rejected', rejection: body },
  );
  return factMessage({ ...wordsOf(sagaId, saga, fact), sagaId, saga, version, definition });
}

const keyOf = (name: string, version: number) => `${name}@${version}`;
