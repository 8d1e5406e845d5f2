import type { Client } from 'pg';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * Which tables a statement would read as a whole, and how, by the plan that a prepared statement keeps. Asked while the tables
 * are empty and PostgreSQL knows that, it says whether the statement depends on when it was planned.
 *
 * @param sql with parameters whose types can be told from it
 */
export async function wholeScansOf(client: Client, sql: string): Promise<string[]> {
  const parameters = new Set(sql.match(/\$\d+/g)).size;
  await client.query(`PREPARE asked AS ${sql}`);
  try {
    await client.query('SET plan_cache_mode = force_generic_plan');
    const values = parameters > 0 ? `(${Array.from({ length: parameters }, () => 'NULL').join()})` : '';
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (FORMAT JSON) EXECUTE asked${values}`,
    );
    return scansOf(rows[0]!['QUERY PLAN'][0].Plan);
  } finally {
    await client.query('DEALLOCATE asked');
  }
}

function scansOf(node: PlanNode): string[] {
  const isWhole = /^(Seq|Index|Index Only) Scan$/.test(node['Node Type']) && node['Index Cond'] === undefined;
  const by = node['Index Name'] ? ` by ${node['Index Name']}` : '';
  const own =
    isWhole && node['Relation Name'] ? [`${node['Node Type']} on ${node['Relation Name']}${by}`] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scansOf)];
}
