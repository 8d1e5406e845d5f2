import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Sagas, type Operation, type SagaRecord } from '@clew/saga';
import { ApiProblems, conflict, isUuid, notFound } from '@clew/service';
import { answeringRefusals } from '../saga-view/answering-refusals.js';
import { pageOf } from '../saga-view/saga-page.js';
import { viewOf } from '../saga-view/saga-view.js';
import { ListSagasQuery } from './list-sagas.query.dto.js';
import { MarkDoneRequest, OperationRequest, StepOperationRequest } from './operation.request.dto.js';
import { OperatorGuard } from './operator.guard.js';
import { OperationResponse, SagaList } from './operation.response.dto.js';

const PROBLEMS = {
  400: 'The request is not valid',
  401: 'The operator key is missing or wrong, or none is set',
  404: 'There is no such saga',
  409: 'It makes no sense as the saga stands; the detail says why',
  503: 'The database is away for the moment; try again after Retry-After seconds',
};

/** For the people who see to sagas that need them. */
@ApiTags('operations')
@ApiBearerAuth()
@ApiProblems({ 403: 'The key is that of a caller, who is no operator' })
@UseGuards(OperatorGuard)
@Controller('operations/sagas')
export class OperationsController {
  constructor(private readonly sagas: Sagas) {}

  /** Sagas of any definition, newest first, a page at a time. */
  @Get()
  @ApiOkResponse({ type: SagaList })
  @ApiProblems({ 400: PROBLEMS[400], 401: PROBLEMS[401], 503: PROBLEMS[503] })
  list(@Query() { saga, ...query }: ListSagasQuery): Promise<SagaList> {
    return pageOf(this.sagas, saga, query, (record) => viewOf(record, this.sagas.definitionOf(record)));
  }

  /** Asks once more for a step that is STUCK. */
  @Post(':id/retry')
  @HttpCode(200)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperationResponse })
  @ApiProblems(PROBLEMS)
  retry(@Param('id') id: string, @Body() request: StepOperationRequest): Promise<OperationResponse> {
    return this.operate(id, { action: 'retry', step: request.step }, request);
  }

  /** Goes on without a step that is STUCK, or a retriable one that doesn't answer. What it may have done stays. */
  @Post(':id/skip')
  @HttpCode(200)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperationResponse })
  @ApiProblems(PROBLEMS)
  skip(@Param('id') id: string, @Body() request: StepOperationRequest): Promise<OperationResponse> {
    return this.operate(id, { action: 'skip', step: request.step }, request);
  }

  /** Takes a step for done, or undone, because somebody has seen to it. */
  @Post(':id/mark-done')
  @HttpCode(200)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperationResponse })
  @ApiProblems(PROBLEMS)
  markDone(@Param('id') id: string, @Body() request: MarkDoneRequest): Promise<OperationResponse> {
    const { step, result } = request;
    return this.operate(id, { action: 'mark-done', step, ...(result && { result }) }, request);
  }

  /** Turns a saga back although nothing has failed. */
  @Post(':id/compensate')
  @HttpCode(200)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperationResponse })
  @ApiProblems(PROBLEMS)
  compensate(@Param('id') id: string, @Body() request: OperationRequest): Promise<OperationResponse> {
    return this.operate(id, { action: 'compensate' }, request);
  }

  private async operate(
    id: string,
    operation: Operation,
    { actor, reason, dryRun = false }: OperationRequest,
  ): Promise<OperationResponse> {
    const { id: sagaId } = await this.found(id);
    if (!dryRun) {
      const outcome = await answeringRefusals(this.sagas.operate(sagaId, operation, { actor, reason }));
      const { status } = await this.found(sagaId);
      return {
        dryRun,
        status,
        transitions: [],
        commands: [],
        changed: outcome.changed,
        because: outcome.because ?? null,
      };
    }
    const plan = await this.sagas.preview(sagaId, operation, { actor, reason });
    const { verdict, because = null, status, events, commands } = plan;
    if (verdict === 'refused') throw conflict(`${because}.`);
    return {
      dryRun,
      changed: verdict === 'accepted',
      because,
      status: status.after,
      transitions: [...events],
      commands: commands.map(({ messageId, participant, type, payload }) => ({
        messageId,
        participant,
        type,
        payload,
      })),
    };
  }

  private async found(id: string): Promise<SagaRecord> {
    const record = isUuid(id) ? await this.sagas.find(id.toLowerCase()) : undefined;
    if (!record) throw notFound(`There is no saga ${id}.`);
    return record;
  }
}
