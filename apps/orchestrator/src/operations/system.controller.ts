import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '@clew/service';
import { OperatorGuard } from './operator.guard.js';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { SystemResponse } from './system.response.dto.js';

/** What an operator's program has to know of the system before it can ask the others. */
@ApiTags('operations')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('operations/system')
export class SystemController {
  constructor(private readonly environment: OrchestratorEnvironment) {}

  /** Where the participants are, and how long sagas are kept. */
  @Get()
  @ApiOperation({ operationId: 'describeSystem', summary: 'Where the participants are' })
  @ApiOkResponse({ type: SystemResponse })
  @ApiProblems({ 401: 'The operator key is missing or wrong, or none is set' })
  describe(): SystemResponse {
    const { CLEW_PARTICIPANTS: participants, CLEW_SAGA_RETENTION_HOURS: hours } = this.environment;
    return {
      participants: participants
        .split(',')
        .filter(Boolean)
        .map((each) => ({ name: each.split('=')[0]!, url: each.slice(each.indexOf('=') + 1) })),
      sagaRetentionHours: hours === Infinity ? null : hours,
    };
  }
}
