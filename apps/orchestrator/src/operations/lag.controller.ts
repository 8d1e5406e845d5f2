import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems, unavailable } from '@clew/service';
import { AskedDatabase } from '../database/asked-database.js';
import { LagResponse, MOST_COUNTED, type QueueLag, type RowLag } from './lag.response.dto.js';
import { QueueStates } from './queue-states.js';
import { ForOperators } from './for-operators.decorator.js';

/** How far what has to be done is behind. */
@ForOperators()
@Controller('operations/lag')
export class LagController {
  constructor(
    private readonly database: AskedDatabase,
    private readonly queues: QueueStates,
  ) {}

  /** What waits in the outbox, among the deadlines and in the queues. */
  @Get()
  @ApiOperation({ operationId: 'showLag', summary: 'What is behind' })
  @ApiOkResponse({ type: LagResponse })
  @ApiProblems({
    503: 'The database or RabbitMQ is away for the moment; try again after Retry-After seconds',
  })
  async lag(): Promise<LagResponse> {
    const [outbox, overdue, queues] = await Promise.all([
      this.rowLag('SELECT created_at AS at FROM outbox'),
      this.rowLag('SELECT due_at AS at FROM saga_deadline WHERE due_at <= now()'),
      this.queueLags(),
    ]);
    return { outbox, overdue, queues };
  }

  private async rowLag(rows: string): Promise<RowLag> {
    const [lag] = await this.database.$queryRawUnsafe<{ count: number; oldest: number | null }[]>(
      `SELECT count(*)::int AS count, extract(epoch FROM now() - min(at))::float8 AS oldest
       FROM (${rows} LIMIT $1::int) AS waiting`,
      MOST_COUNTED,
    );
    return { count: lag!.count, oldestSeconds: lag!.oldest };
  }

  private async queueLags(): Promise<QueueLag[]> {
    const queues = await this.queues.now().catch((error: unknown) => {
      throw unavailable(`RabbitMQ can't be asked: ${error instanceof Error ? error.message : String(error)}`);
    });
    return [...queues].map(([queue, { messages, consumers }]) => ({ queue, messages, consumers }));
  }
}
