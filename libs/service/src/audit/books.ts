/**
 * What a participant holds and counts, as two queries of its own tables. They are what an audit goes by, whether it comes
 * over HTTP or looks into the database itself.
 */
export interface Books {
  /**
   * A row for everything that was ever reserved: `id`, `saga_id` and `step` of the command that did it, `what` it is, its
   * `status`, its `quantity`, `created_at`, and `regarding`: the saga that it is about, where that is another one, else null.
   */
  readonly reservations: string;
  /** A row for each counter: `what` it counts, how much the reservations come to (`counted`), and what it says (`recorded`). */
  readonly inventory: string;
}

const COLUMNS = `
  id, saga_id AS "bookingId", step, what, status, quantity, regarding, created_at AS "createdAt"`;

/**
 * A page of reservations by the ids of their sagas, those of one saga never divided. `$1` is the id after which it begins,
 * `$2` how many there are at least if there are more.
 */
export function pageSql({ reservations }: Books): string {
  // No condition beside the bound: so each page is read from where the index has it.
  return `
    SELECT ${COLUMNS} FROM (${reservations}) AS reservation
    WHERE saga_id > $1::text::uuid
    ORDER BY saga_id FETCH FIRST ($2::int) ROWS WITH TIES`;
}

/** The reservations that are of the saga `$1`, or regard it. */
export function reservationsOfSql({ reservations }: Books): string {
  return `
    SELECT ${COLUMNS} FROM (${reservations}) AS reservation
    WHERE saga_id = $1::text::uuid OR regarding = $1::text::uuid
    ORDER BY saga_id`;
}

/** One row: how many counters there are, and those that say something else than the reservations come to. */
export function driftSql({ inventory }: Books): string {
  return `
    SELECT now() AS at, count(*)::int AS checked,
      coalesce(
        json_agg(json_build_object('what', what, 'counted', counted, 'recorded', recorded) ORDER BY what)
          FILTER (WHERE counted IS DISTINCT FROM recorded),
        '[]'::json
      ) AS drift
    FROM (${inventory}) AS counter`;
}
