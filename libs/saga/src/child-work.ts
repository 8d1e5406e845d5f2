import { isOutlived, readCommand, readPayload, type CommandEnvelope } from '@clew/envelope';
import { v5 as uuidv5 } from 'uuid';
import { commandId } from './core/index.js';
import type { DefinitionRegistry, RegisteredDefinition } from './definition-registry.js';
import type { WorkReader } from './engine-consumer.js';
import { UnfitChildCommand } from './errors.js';

/** Any UUID will do, as long as it never changes: children are found again by it. */
const CHILDREN = '4c1f3a86-6f0e-5d52-9d0b-6c8f6c4f2d11';

/** The id of the child that a step starts under an epoch: the same however often it is asked for. */
export function childSagaId(parentId: string, step: string, epoch: number): string {
  return uuidv5(commandId(parentId, { step, direction: 'action', epoch }), CHILDREN);
}

/**
 * Reads commands that are about child sagas: to start one, and to undo it. One that would start a child a day late is
 * refused, as by every participant: parent and child may be over and deleted.
 */
export function childWorkReader(registry: DefinitionRegistry): WorkReader {
  return (delivery) => {
    const command = readCommand(delivery);
    const { sagaId, saga, step, epoch, replyTo, commandId: id } = command;
    const payload = readPayload(delivery.content) as Readonly<Record<string, unknown>>;
    const begins = registrationFor(registry, command, payload);
    const cause = { kind: 'parent', messageId: id } as const;
    if (command.direction === 'compensation') {
      const undoes = command.undoes ?? 0;
      const parent = { sagaId, saga, step, epoch: undoes, replyTo, undoEpoch: epoch };
      return { sagaId: childSagaId(sagaId, step, undoes), begins, input: { type: 'undo', parent }, cause };
    }
    if (isOutlived(delivery, Date.now()))
      throw new UnfitChildCommand(
        'The command was sent more than a day ago: the parent may be over and deleted',
      );
    const locks = locksIn(payload);
    const parent = { sagaId, saga, step, epoch, replyTo, ...(locks && { locks }) };
    const input = { type: 'start', input: payload['input'] ?? null, parent } as const;
    return { sagaId: childSagaId(sagaId, step, epoch), begins, input, cause };
  };
}

function registrationFor(
  registry: DefinitionRegistry,
  { type, direction }: CommandEnvelope,
  { saga, version }: Readonly<Record<string, unknown>>,
): RegisteredDefinition {
  const expected = direction === 'action' ? 'saga.start' : 'saga.undo';
  if (type !== expected)
    throw new UnfitChildCommand(`An orchestrator is sent ${expected} for an ${direction}, not ${type}`);
  if (typeof saga !== 'string' || typeof version !== 'number')
    throw new UnfitChildCommand('The payload names no saga and version');
  const found = registry.find(saga, version);
  if (!found) throw new UnfitChildCommand(`Saga ${saga} v${version} is not registered in this process`);
  return found;
}

function locksIn({ locks }: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  if (locks === undefined) return undefined;
  if (Array.isArray(locks) && locks.every((key): key is string => typeof key === 'string')) return locks;
  throw new UnfitChildCommand('The locks of the parent are not a list of texts');
}
