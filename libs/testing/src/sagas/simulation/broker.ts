import { ownerTopicsOf, participantOf, SAGA_PARTICIPANT, stepsOf, topicOf, topicsOf } from '@clew/saga/core';
import type { FactMessage, Inbound, ToParticipant } from './messages.js';
import type { Scenario } from './scenario.js';

/** Which queues get a copy of a fact, by its topic. */
interface Bindings {
  readonly participants: ReadonlyMap<string, readonly string[]>;
  readonly owner: ReadonlySet<string>;
}

const NOBODY: Bindings = { participants: new Map(), owner: new Set() };

/** What is on its way. Any of it may arrive next, and nothing arrives by itself. */
export class Broker {
  readonly toParticipants: ToParticipant[] = [];
  /** To those who decide. */
  readonly toDeciders: Inbound[] = [];
  private readonly saga: string;
  private readonly bindings: Bindings;

  constructor({ definition, coordination }: Scenario) {
    this.saga = definition.name;
    this.bindings = coordination === 'choreography' ? bindingsOf(definition) : NOBODY;
  }

  send(...messages: readonly Inbound[]): void {
    for (const message of messages) {
      if (message.kind === 'fact') this.spread(message);
      else if (message.kind === 'command' && message.command.participant !== SAGA_PARTICIPANT)
        this.toParticipants.push(message);
      else this.toDeciders.push(message);
    }
  }

  private spread(message: FactMessage): void {
    const topic = topicOf(this.saga, message.fact);
    for (const participant of this.bindings.participants.get(topic) ?? [])
      this.toParticipants.push({ ...message, participant });
    if (this.bindings.owner.has(topic)) this.toDeciders.push(message);
  }
}

function bindingsOf(definition: Scenario['definition']): Bindings {
  const participants = new Map<string, string[]>();
  for (const name of new Set(stepsOf(definition).map(({ action }) => participantOf(action.type))))
    for (const topic of topicsOf(definition, name))
      participants.set(topic, [...(participants.get(topic) ?? []), name]);
  return { participants, owner: new Set(ownerTopicsOf(definition)) };
}
