import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { Sagas, type Pause } from '@clew/saga';
import { ApiProblems, notFound } from '@clew/service';
import type { Caller } from '../callers/caller.js';
import { CurrentCaller } from '../callers/current-caller.decorator.js';
import { sagaDefinitions } from '../saga-definitions.js';
import { DefinitionList, PauseOutcome, PauseRequest, type DefinitionResponse } from './definition.dto.js';
import { OperatorLog } from './operator-log.js';
import { ForOperators } from './for-operators.decorator.js';

const PROBLEMS = {
  503: 'The database is away for the moment; try again after Retry-After seconds',
};
const ONE = { ...PROBLEMS, 400: 'The request is not valid', 404: 'There is no such definition' };

/** Keeps sagas of a kind from being begun for a while; those that have begun go on. */
@ForOperators()
@Controller('operations/definitions')
export class DefinitionsController {
  constructor(
    private readonly sagas: Sagas,
    private readonly log: OperatorLog,
  ) {}

  /** The definitions that there are, and which are paused. */
  @Get()
  @ApiOperation({ operationId: 'listDefinitions', summary: 'Definitions, and which are paused' })
  @ApiOkResponse({ type: DefinitionList })
  @ApiProblems(PROBLEMS)
  async list(): Promise<DefinitionList> {
    const pauses = await this.sagas.pauses();
    return {
      items: [...new Set(sagaDefinitions.map(({ name }) => name))].map((name) => viewOf(name, pauses)),
    };
  }

  /** From now on no saga of that name is begun: callers are answered 503 with the reason. */
  @Post(':saga/pause')
  @HttpCode(200)
  @ApiParam({ name: 'saga', example: 'trip-booking' })
  @ApiOperation({ operationId: 'pauseDefinition', summary: 'Begin no more sagas of a definition' })
  @ApiOkResponse({ type: PauseOutcome })
  @ApiProblems(ONE)
  pause(
    @Param('saga') saga: string,
    @Body() request: PauseRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<PauseOutcome> {
    return this.change('pause', saga, request, caller);
  }

  /** They are begun again. */
  @Post(':saga/resume')
  @HttpCode(200)
  @ApiParam({ name: 'saga', example: 'trip-booking' })
  @ApiOperation({ operationId: 'resumeDefinition', summary: 'Begin sagas of a definition again' })
  @ApiOkResponse({ type: PauseOutcome })
  @ApiProblems(ONE)
  resume(
    @Param('saga') saga: string,
    @Body() request: PauseRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<PauseOutcome> {
    return this.change('resume', saga, request, caller);
  }

  private async change(
    action: 'pause' | 'resume',
    saga: string,
    { actor, reason, dryRun = false }: PauseRequest,
    caller: Caller,
  ): Promise<PauseOutcome> {
    if (!sagaDefinitions.some(({ name }) => name === saga)) throw notFound(`There is no definition ${saga}.`);
    const before = viewOf(saga, await this.sagas.pauses());
    const changed = (before.paused === null) === (action === 'pause');
    if (dryRun || !changed) return { dryRun, changed, definition: before };
    const pauses = await this.log.keep(
      { actor, reason, keyName: caller.name, action, target: { saga } },
      () => (action === 'pause' ? this.sagas.pause(saga, { actor, reason }) : this.sagas.resume(saga)),
    );
    return { dryRun, changed, definition: viewOf(saga, pauses) };
  }
}

function viewOf(saga: string, pauses: readonly Pause[]): DefinitionResponse {
  const pause = pauses.find((one) => one.saga === saga);
  return {
    saga,
    versions: sagaDefinitions.filter(({ name }) => name === saga).map(({ version }) => version),
    paused: pause ? { since: pause.since.toISOString(), actor: pause.actor, reason: pause.reason } : null,
  };
}
