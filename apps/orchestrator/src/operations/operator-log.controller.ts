import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '@clew/service';
import { OperatorLog } from './operator-log.js';
import { OperatorLogPage, OperatorLogQuery } from './operator-log.response.dto.js';
import { ForOperators } from './for-operators.decorator.js';

const USUALLY_LISTED = 50;

/** Who has done what to the system, and why. */
@ForOperators()
@Controller('operations/log')
export class OperatorLogController {
  constructor(private readonly log: OperatorLog) {}

  /** What operators have done, newest first. Nothing is ever taken out of it. */
  @Get()
  @ApiOperation({ operationId: 'listOperatorActions', summary: 'What operators have done' })
  @ApiOkResponse({ type: OperatorLogPage })
  @ApiProblems({
    400: 'The request is not valid',
    503: 'The database is away for the moment; try again after Retry-After seconds',
  })
  async list(@Query() { limit, before }: OperatorLogQuery): Promise<OperatorLogPage> {
    const most = Number(limit ?? USUALLY_LISTED);
    const items = await this.log.list(most, before);
    return { items, nextBefore: items.length === most ? (items.at(-1)?.id ?? null) : null };
  }
}
