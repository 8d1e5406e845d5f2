import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { inspectTopology, queueOf } from '@clew/rabbitmq';
import { Sagas } from '@clew/saga';
import { ApiProblems, unavailable } from '@clew/service';
import { PrismaService } from '../database/prisma.service.js';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { OperatorGuard } from './operator.guard.js';

/** More rows aren't counted. */
const MOST_COUNTED = 1_000_000;

export class RowLag {
  @ApiProperty({ type: 'integer', description: `Counted up to ${MOST_COUNTED}.` })
  count!: number;

  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'Age of the oldest in seconds; null if there is none.',
  })
  oldestSeconds!: number | null;
}

export class QueueLag {
  @ApiProperty({ example: 'hotels.commands' })
  queue!: string;

  @ApiProperty({ type: 'integer', description: 'Messages that nobody has in hand.' })
  messages!: number;

  @ApiProperty({ type: 'integer' })
  consumers!: number;
}

export class LagResponse {
  @ApiProperty({
    type: RowLag,
    description: 'Messages of this gateway that the broker has not confirmed yet.',
  })
  outbox!: RowLag;

  @ApiProperty({ type: RowLag, description: 'Deadlines that are over and not acted on yet.' })
  overdue!: RowLag;

  @ApiProperty({ type: [QueueLag], description: 'What waits at the broker for whom.' })
  queues!: QueueLag[];
}

/** How far what has to be done is behind. */
@ApiTags('operations')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('operations/lag')
export class LagController {
  constructor(
    private readonly environment: OrchestratorEnvironment,
    private readonly database: PrismaService,
    private readonly sagas: Sagas,
  ) {}

  /** What waits in the outbox, among the deadlines and in the queues. */
  @Get()
  @ApiOperation({ operationId: 'showLag', summary: 'What is behind' })
  @ApiOkResponse({ type: LagResponse })
  @ApiProblems({
    401: 'The operator key is missing or wrong, or none is set',
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
    const { CLEW_NAMESPACE: namespace, AMQP_URL: url } = this.environment;
    const topology = { namespace, ...this.sagas.routes };
    const { queues } = await inspectTopology(url, topology).catch((error: unknown) => {
      throw unavailable(`RabbitMQ can't be asked: ${error instanceof Error ? error.message : String(error)}`);
    });
    return topology.queues.flatMap((queue) => {
      const found = queues.find(({ name }) => name === queueOf(topology, queue));
      return found ? [{ queue, messages: found.messages, consumers: found.consumers }] : [];
    });
  }
}
