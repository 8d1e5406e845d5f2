import { deadLettersOf, nothingIsLeftToDo } from './leftovers.js';
import type { ShopParticipantName } from './app-process.js';
import type { RunningSystem } from './running-system.js';

interface Saga {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly orderId: string | null;
}

/** Books of a participant that don't add up: one row for each difference. */
const DIFFERENCES: Readonly<Partial<Record<ShopParticipantName, string>>> = {
  'shop-stock': `
    WITH held AS (
      SELECT sku, sum(quantity)::int AS held FROM hold JOIN hold_line ON hold_id = id
      WHERE status = 'HELD' GROUP BY sku
    ), paper AS (
      SELECT count(*)::int AS wrapped FROM gift_wrap WHERE status = 'WRAPPED'
    )
    SELECT sku AS what, reserved AS counter, held AS found FROM product LEFT JOIN held USING (sku)
    WHERE reserved IS DISTINCT FROM coalesce(held, 0)
    UNION ALL SELECT 'wrapping paper', used, wrapped FROM wrapping_paper, paper WHERE used <> wrapped`,
  'shop-payments': `
    WITH owed AS (
      SELECT customer_id,
        coalesce(sum(amount_cents) FILTER (WHERE status = 'AUTHORISED'), 0)::int AS authorised,
        coalesce(sum(amount_cents) FILTER (WHERE status = 'CAPTURED'), 0)::int AS captured
      FROM payment GROUP BY customer_id
    )
    SELECT customer_id AS what, authorised_cents || '+' || captured_cents AS counter,
      coalesce(authorised, 0) || '+' || coalesce(captured, 0) AS found
    FROM account LEFT JOIN owed USING (customer_id)
    WHERE authorised_cents <> coalesce(authorised, 0) OR captured_cents <> coalesce(captured, 0)`,
};

/**
 * Goes through the books of a shop in which every saga has ended: stock, accounts and deliveries, each against itself and
 * against what the sagas came to.
 *
 * @throws Error with everything that doesn't add up
 */
export async function auditShop(system: RunningSystem): Promise<void> {
  const problems = [
    ...(await differences(system)),
    ...(await unfitTraces(system)),
    ...(await deadLettersOf(system)),
  ];
  if (problems.length > 0)
    throw new Error(`The audit found ${problems.length} problems:\n  ${problems.slice(0, 30).join('\n  ')}`);
  await nothingIsLeftToDo(system);
}

async function differences(system: RunningSystem): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(DIFFERENCES).map(async ([participant, sql]) => {
      const rows = await system.databases.rows(participant as ShopParticipantName, sql);
      return rows.map((row) => `${participant}: ${JSON.stringify(row)}`);
    }),
  );
  return found.flat();
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
