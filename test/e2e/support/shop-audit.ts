import { shopParticipantNames, type ShopParticipantName } from './app-process.js';
import { driftOf } from './drift.js';
import { deadLettersOf, nothingIsLeftToDo } from './leftovers.js';
import type { RunningSystem } from './running-system.js';

interface Saga {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly orderId: string | null;
}

/**
 * Goes through the books of a shop in which every saga has ended: stock, accounts and deliveries, each against itself and
 * against what the sagas came to.
 *
 * @throws Error with everything that doesn't add up
 */
export async function auditShop(system: RunningSystem): Promise<void> {
  const problems = [
    ...(await driftOf(system, shopParticipantNames)),
    ...(await unfitTraces(system)),
    ...(await deadLettersOf(system)),
  ];
  if (problems.length > 0)
    throw new Error(`The audit found ${problems.length} problems:\n  ${problems.slice(0, 30).join('\n  ')}`);
  await nothingIsLeftToDo(system);
}

/** What each participant holds for a saga has to be what the saga's end says, and nothing for sagas that nobody began. */
async function unfitTraces(system: RunningSystem): Promise<string[]> {
  const sagas = await system.databases.rows<Saga>(
    'orchestrator',
    `SELECT id, name, status, input::json->>'orderId' AS "orderId" FROM saga_instance`,
  );
  const holds = await statuses(system, 'shop-stock', 'SELECT saga_id AS id, status FROM hold');
  const payments = await statuses(system, 'shop-payments', 'SELECT saga_id AS id, status FROM payment');
  const deliveries = await statuses(
    system,
    'shop-delivery',
    `SELECT saga_id AS id, 'ARRANGED' AS status FROM delivery`,
  );
  const returned = new Set(
    sagas
      .filter(({ name, status }) => name === 'order-return' && status === 'COMPLETED')
      .map((saga) => saga.orderId),
  );
  const problems: string[] = [];
  for (const { id, name, status } of sagas) {
    if (name === 'order-return') continue;
    const isDone = status === 'COMPLETED';
    if (!isDone && status !== 'COMPENSATED') problems.push(`${name} ${id} has not ended: ${status}`);
    const found = [holds.get(id), name === 'order' ? payments.get(id) : '-', deliveries.get(id)];
    const isReturned = returned.has(id);
    const charged = name === 'order' ? (isReturned ? 'REFUNDED' : 'CAPTURED') : '-';
    const expected = isDone ? [isReturned ? 'RETURNED' : 'HELD', charged, 'ARRANGED'] : undefined;
    const fits = expected
      ? expected.every((each, index) => each === found[index])
      : !['HELD', 'AUTHORISED', 'CAPTURED', 'ARRANGED'].some((open) => found.includes(open));
    if (!fits) problems.push(`${name} ${id} is ${status}, but the participants have ${found.join(', ')}`);
  }
  const known = new Set(sagas.map(({ id }) => id));
  for (const id of [...holds.keys(), ...payments.keys(), ...deliveries.keys()])
    if (!known.has(id)) problems.push(`a participant has something for ${id}, which isn't a saga`);
  return problems;
}

async function statuses(
  system: RunningSystem,
  participant: ShopParticipantName,
  sql: string,
): Promise<Map<string, string>> {
  const rows = await system.databases.rows<{ id: string; status: string }>(participant, sql);
  return new Map(rows.map(({ id, status }) => [id, status]));
}
