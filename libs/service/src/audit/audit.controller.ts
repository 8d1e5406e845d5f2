import { Controller, Get, Inject, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { migrationsState } from '../database/migrations.js';
import { OperatorKeyGuard } from '../operator/operator-key.guard.js';
import { ApiProblems } from '../problem/api-problem.js';
import { AuditReservationsQuery } from './audit.query.dto.js';
import {
  AuditedInventory,
  AuditedMigrations,
  AuditedReservations,
  type AuditedReservation,
} from './audit.response.dto.js';
import { AUDITED, type Audited } from './audited.js';
import { driftSql, pageSql, reservationsOfSql } from './books.js';

const DEFAULT_LIMIT = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
const PROBLEMS = {
  401: 'The operator key is missing or wrong, or none is set',
  503: 'The database is away for the moment; try again after Retry-After seconds',
};

/** The service's books, for an audit of a system that goes on working meanwhile: each answer is one snapshot. */
@ApiTags('audit')
@ApiBearerAuth()
@UseGuards(OperatorKeyGuard)
@Controller('audit')
export class AuditController {
  constructor(@Inject(AUDITED) private readonly audited: Audited) {}

  /** Everything that was ever reserved, by booking id, a page at a time. */
  @Get('reservations')
  @ApiOkResponse({ type: AuditedReservations })
  @ApiProblems({ 400: 'The query is not valid', ...PROBLEMS })
  async reservations(@Query() query: AuditReservationsQuery): Promise<AuditedReservations> {
    const { after = BEFORE_ALL, of, limit: limitText } = query;
    const limit = Number(limitText ?? DEFAULT_LIMIT);
    const { books, database } = this.audited;
    if (of !== undefined) {
      const items = await database.$queryRawUnsafe<AuditedReservation[]>(reservationsOfSql(books), of);
      return { items, nextAfter: null };
    }
    const items = await database.$queryRawUnsafe<AuditedReservation[]>(pageSql(books), after, limit);
    return { items, nextAfter: items.length >= limit ? items.at(-1)!.bookingId : null };
  }

  /** Whether the counters say what the reservations come to. */
  @Get('inventory')
  @ApiOkResponse({ type: AuditedInventory })
  @ApiProblems(PROBLEMS)
  async inventory(): Promise<AuditedInventory> {
    const { books, database } = this.audited;
    const [row] = await database.$queryRawUnsafe<[AuditedInventory]>(driftSql(books));
    return row;
  }

  /** Whether the database has the migrations of this build. */
  @Get('migrations')
  @ApiOkResponse({ type: AuditedMigrations })
  @ApiProblems(PROBLEMS)
  async migrations(): Promise<AuditedMigrations> {
    const { service, database } = this.audited;
    return (await migrationsState(database, service)) ?? { applied: null, pending: [], unknown: [] };
  }
}
