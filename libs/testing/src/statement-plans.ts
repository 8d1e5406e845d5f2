import { Client, escapeLiteral } from 'pg';
import { createTestDatabase, type TestDatabase } from './test-database.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Parent Relationship'?: string;
  readonly 'Subplan Name'?: string;
  /** Pages of this node and those below it, if it was run. */
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What keeps the statements it is given, and answers as if there was nothing. */
interface RecordingExecutor {
  $queryRawUnsafe<Rows = unknown>(sql: string, ...values: unknown[]): Promise<Rows>;
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
}

interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** An id for a row with a number, growing with it as those of the apps grow with time. */
export function numberedId(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** The same in SQL, of a column `n`. */
export const NUMBERED_ID = `('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

/** PostgreSQL makes so many plans of their own for the parameters of a statement before it considers one for any. */
const PLANS_BEFORE_IT_CHOOSES = 5;

/**
 * What PostgreSQL makes of statements in a service's database. At first there is nothing in it, of which PostgreSQL knows: the worst moment
 * to plan a statement that is kept prepared, as then reading the whole of a table looks like the cheapest. Its connection is configured as
 * the apps' are.
 */
export class StatementPlans {
  private runs = 0;

  private constructor(
    private readonly database: TestDatabase,
    private readonly client: Client,
  ) {}

  static async open(service: string): Promise<StatementPlans> {
    const database = await createTestDatabase(service);
    const client = new Client({ connectionString: database.url, options: '-c enable_seqscan=off' });
    await client.connect();
    await client.query('VACUUM ANALYZE');
    return new StatementPlans(database, client);
  }

  /** Puts rows into tables that hardly ever are empty, and has PostgreSQL look at them. */
  async fill(sql: string): Promise<void> {
    await this.client.query(sql);
    await this.client.query('ANALYZE');
  }

  /** Which tables each statement that `run` gives to its executor would read as a whole, and how. */
  wholeScansBy(run: (executor: RecordingExecutor) => Promise<unknown>): Promise<string[][]> {
    return this.foundBy(run, wholeScansOf);
  }

  /** Where each statement that `run` gives to its executor would go through all rows of a batch for each row of something else. */
  repeatedScansBy(run: (executor: RecordingExecutor) => Promise<unknown>): Promise<string[][]> {
    return this.foundBy(run, (plan) => repeatedScansOf(plan));
  }

  /**
   * How many pages each statement that `run` gives to its executor, with the parameters it gives, looks at, by the plan for any
   * parameters. The statements are run, and rolled back.
   */
  async pagesReadBy(run: (executor: RecordingExecutor) => Promise<unknown>): Promise<number[]> {
    const pages: number[] = [];
    for (const { sql, values } of await statementsBy(run)) {
      pages.push(pagesOf(await this.planOf(sql, values)));
    }
    return pages;
  }

  /** Whether each statement that `run` gives to its executor, with the parameters it gives, is planned each time that it is run. */
  async plannedEachTimeBy(run: (executor: RecordingExecutor) => Promise<unknown>): Promise<boolean[]> {
    const planned: boolean[] = [];
    for (const statement of await statementsBy(run)) planned.push(await this.isPlannedEachTime(statement));
    return planned;
  }

  async close(): Promise<void> {
    await this.client.end();
    await this.database.drop();
  }

  private async foundBy(
    run: (executor: RecordingExecutor) => Promise<unknown>,
    find: (plan: PlanNode) => string[],
  ): Promise<string[][]> {
    const found: string[][] = [];
    for (const { sql } of await statementsBy(run)) found.push(find(await this.planOf(sql)));
    return found;
  }

  private async isPlannedEachTime({ sql, values }: Statement): Promise<boolean> {
    await this.client.query('SET plan_cache_mode = auto');
    const name = `run ${(this.runs += 1)}`;
    for (let n = 0; n <= PLANS_BEFORE_IT_CHOOSES; n += 1) {
      await this.client.query('BEGIN');
      await this.client.query({ name, text: sql, values: [...values] });
      await this.client.query('ROLLBACK');
    }
    const { rows } = await this.client.query<{ own: string }>(
      'SELECT custom_plans AS own FROM pg_prepared_statements WHERE name = $1',
      [name],
    );
    return Number(rows[0]!.own) > PLANS_BEFORE_IT_CHOOSES;
  }

  /**
   * @param sql with parameters whose types can be told from it
   * @param values if it is to be run
   */
  private async planOf(sql: string, values?: readonly unknown[]): Promise<PlanNode> {
    const parameters = new Set(sql.match(/\$\d+/g)).size;
    const given = values?.map(literal) ?? Array.from({ length: parameters }, () => 'NULL');
    await this.client.query(`PREPARE asked AS ${sql}`);
    await this.client.query('BEGIN');
    try {
      await this.client.query('SET plan_cache_mode = force_generic_plan');
      const { rows } = await this.client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `EXPLAIN (${values ? 'ANALYZE, BUFFERS, TIMING off, ' : ''}FORMAT JSON) EXECUTE asked${given.length > 0 ? `(${given.join()})` : ''}`,
      );
      return rows[0]!['QUERY PLAN'][0].Plan;
    } finally {
      await this.client.query('ROLLBACK');
      await this.client.query('DEALLOCATE asked');
    }
  }
}

function literal(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return escapeLiteral(value);
  if (Array.isArray(value)) return escapeLiteral(`{${value.join()}}`);
  throw new TypeError(`There is no literal for ${JSON.stringify(value)} here.`);
}

/** What parts of the statement that write do isn't counted in the node above them. */
function pagesOf(node: PlanNode): number {
  const below = (node.Plans ?? []).map(pagesOf).reduce((sum, pages) => sum + pages, 0);
  return Math.max((node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0), below);
}

async function statementsBy(run: (executor: RecordingExecutor) => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const record = <Answer>(statement: Statement, answer: Answer) => {
    statements.push(statement);
    return Promise.resolve(answer);
  };
  await run({
    $queryRawUnsafe: <Rows>(sql: string, ...values: unknown[]) => record({ sql, values }, [] as Rows),
    $executeRawUnsafe: (sql, ...values) => record({ sql, values }, 0),
  });
  return statements;
}

function wholeScansOf(node: PlanNode): string[] {
  const isWhole = /^(Seq|Index|Index Only) Scan$/.test(node['Node Type']) && node['Index Cond'] === undefined;
  const by = node['Index Name'] ? ` by ${node['Index Name']}` : '';
  const own =
    isWhole && node['Relation Name'] ? [`${node['Node Type']} on ${node['Relation Name']}${by}`] : [];
  return [...own, ...(node.Plans ?? []).flatMap(wholeScansOf)];
}

/** @param part of the statement in which the node is */
function repeatedScansOf(node: PlanNode, part = 'the statement'): string[] {
  const where = node['Subplan Name'] ?? part;
  const repeated =
    node['Node Type'] === 'Nested Loop' ? node.Plans!.filter(isInner).flatMap(batchScansOf) : [];
  return [
    ...repeated.map((scan) => `${scan} in ${where}`),
    ...(node.Plans ?? []).flatMap((child) => repeatedScansOf(child, where)),
  ];
}

const isInner = (node: PlanNode): boolean => node['Parent Relationship'] === 'Inner';

function batchScansOf(node: PlanNode): string[] {
  const own = /^(Function|CTE|Table Function) Scan$/.test(node['Node Type']) ? [node['Node Type']] : [];
  return [...own, ...(node.Plans ?? []).flatMap(batchScansOf)];
}
