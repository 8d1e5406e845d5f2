import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ForOperators } from './for-operators.decorator.js';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { SystemResponse } from './system.response.dto.js';

/** What an operator's program has to know of the system before it can ask the others. */
@ForOperators()
@Controller('operations/system')
export class SystemController {
  constructor(private readonly environment: OrchestratorEnvironment) {}

  /** Where the participants are, and how long sagas are kept. */
  @Get()
  @ApiOperation({ operationId: 'describeSystem', summary: 'Where the participants are' })
  @ApiOkResponse({ type: SystemResponse })
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
