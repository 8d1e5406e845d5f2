import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { Sagas, type Operation, type SagaRecord } from '@clew/saga';
import { ApiProblems } from '@clew/service';
import type { Caller } from '../callers/caller.js';
import { CurrentCaller } from '../callers/current-caller.decorator.js';
import { pageOf } from '../saga-view/saga-page.js';
import { viewOf } from '../saga-view/saga-view.js';
import { ListSagasQuery } from './list-sagas.query.dto.js';
import { MarkDoneRequest, OperationRequest, StepOperationRequest } from './operation.request.dto.js';
import { ForOperators } from './for-operators.decorator.js';
import { OperatorLog } from './operator-log.js';
import { OperatedSagaResponse, OperationResponse, SagaList } from './operation.response.dto.js';
import { SagaOperations } from './saga-operations.js';
import { SagaWaits } from './saga-waits.js';

const PROBLEMS = {
  400: 'The request is not valid',
  404: 'There is no such saga',
  409: 'It makes no sense as the saga stands; the detail says why',
  503: 'The database is away for the moment; try again after Retry-After seconds',
};

/** For the people who see to sagas that need them. */
@ForOperators()
@Controller('operations/sagas')
export class OperationsController {
  constructor(
    private readonly sagas: Sagas,
    private readonly operations: SagaOperations,
    private readonly waits: SagaWaits,
    private readonly log: OperatorLog,
  ) {}

  /** Sagas of any definition, newest first, a page at a time; each with what it waits for. */
  @Get()
  @ApiOperation({ operationId: 'listSagas', summary: 'List sagas of any definition' })
  @ApiOkResponse({ type: SagaList })
  @ApiProblems({ 400: PROBLEMS[400], 503: PROBLEMS[503] })
  async list(@Query() { saga, ...query }: ListSagasQuery): Promise<SagaList> {
    const { items, nextCursor } = await pageOf(this.sagas, saga, query, (record) => record);
    const waiting = await this.waits.sentencesOf(items);
    return { items: items.map((record) => this.viewOf(record, waiting.get(record.id) ?? [])), nextCursor };
  }

  /** A saga as it stands, and what it waits for. */
  @Get(':id')
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOperation({ operationId: 'findSaga', summary: 'A saga, and what it waits for' })
  @ApiOkResponse({ type: OperatedSagaResponse })
  @ApiProblems({ 404: PROBLEMS[404], 503: PROBLEMS[503] })
  async find(@Param('id') id: string): Promise<OperatedSagaResponse> {
    const record = await this.operations.found(id);
    const waiting = await this.waits.sentencesOf([record]);
    return this.viewOf(record, waiting.get(record.id) ?? []);
  }

  /** Asks once more for a step that is STUCK. */
  @Post(':id/retry')
  @ApiOperation({ operationId: 'retryStep', summary: 'Ask once more for a step that is STUCK' })
  @HttpCode(200)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperationResponse })
  @ApiProblems(PROBLEMS)
  retry(
    @Param('id') id: string,
    @Body() request: StepOperationRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<OperationResponse> {
    return this.operate(id, { action: 'retry', step: request.step }, request, caller);
  }

  /** Goes on without a step that is STUCK, or a retriable one that doesn't answer. What it may have done stays. */
  @Post(':id/skip')
  @ApiOperation({ operationId: 'skipStep', summary: 'Go on without a step' })
  @HttpCode(200)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperationResponse })
  @ApiProblems(PROBLEMS)
  skip(
    @Param('id') id: string,
    @Body() request: StepOperationRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<OperationResponse> {
    return this.operate(id, { action: 'skip', step: request.step }, request, caller);
  }

  /** Takes a step for done, or undone, because somebody has seen to it. */
  @Post(':id/mark-done')
  @ApiOperation({ operationId: 'markStepDone', summary: 'Take a step for done, or undone' })
  @HttpCode(200)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperationResponse })
  @ApiProblems(PROBLEMS)
  markDone(
    @Param('id') id: string,
    @Body() request: MarkDoneRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<OperationResponse> {
    const { step, result } = request;
    return this.operate(id, { action: 'mark-done', step, ...(result && { result }) }, request, caller);
  }

  /** Turns a saga back although nothing has failed. */
  @Post(':id/compensate')
  @ApiOperation({ operationId: 'compensateSaga', summary: 'Turn a saga back' })
  @HttpCode(200)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: OperationResponse })
  @ApiProblems(PROBLEMS)
  compensate(
    @Param('id') id: string,
    @Body() request: OperationRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<OperationResponse> {
    return this.operate(id, { action: 'compensate' }, request, caller);
  }

  /** Cancels a saga as its caller could. */
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOperation({ operationId: 'cancelSaga', summary: 'Cancel a saga as its caller could' })
  @ApiOkResponse({ type: OperationResponse })
  @ApiProblems(PROBLEMS)
  cancel(
    @Param('id') id: string,
    @Body() request: OperationRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<OperationResponse> {
    return this.operate(id, { action: 'cancel' }, request, caller);
  }

  private async operate(
    id: string,
    operation: Operation,
    { actor, reason, dryRun = false }: OperationRequest,
    caller: Caller,
  ): Promise<OperationResponse> {
    const { id: sagaId } = await this.operations.found(id);
    if (dryRun) return this.operations.preview(sagaId, operation, { actor, reason });
    const { action } = operation;
    return this.log.keep(
      { actor, reason, keyName: caller.name, action, target: { saga: sagaId, ...operation } },
      () => this.operations.operate(sagaId, operation, { actor, reason }),
    );
  }

  private viewOf(record: SagaRecord, waiting: readonly string[]): OperatedSagaResponse {
    const { coordination, owner = null } = record;
    return { ...viewOf(record, this.sagas.definitionOf(record)), coordination, owner, waiting: [...waiting] };
  }
}
