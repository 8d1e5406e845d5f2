import type { SagaInput } from '@clew/saga/core';
import type { Coverage } from './coverage.js';
import type { Inbound, Outbound } from './messages.js';
import type { Decision, Role } from './role.js';
import type { SagaCore } from './saga-core.js';

/** Hears facts, and says what nobody would act on otherwise. */
export class AsOwner implements Role {
  constructor(
    private readonly core: SagaCore,
    private readonly coverage: Coverage,
  ) {}

  inputOf(message: Inbound): readonly [sagaId: string, input: SagaInput] {
    if (message.kind !== 'fact') throw new Error(`The owner of a saga hears facts, not a ${message.kind}`);
    return [message.sagaId, { type: 'fact', fact: message.fact }];
  }

  wordsFor({ sagaId, definition, state, input, effects }: Decision): readonly Outbound[] {
    const facts = this.core.asksOf(definition, state, input, effects.commands);
    this.coverage.asks += facts.length;
    this.coverage.neverAskedFor += effects.commands.length - facts.length;
    return facts.map((fact) => ({ kind: 'fact', sagaId, fact }));
  }
}
