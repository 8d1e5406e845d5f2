import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Sagas } from '@clew/saga';
import { ForOperators } from './for-operators.decorator.js';
import { AskedDatabase } from '../database/asked-database.js';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { sagaDefinitions } from '../saga-definitions.js';
import { DoctorResponse } from './doctor.response.dto.js';
import { checkBroker } from './doctor/check-broker.js';
import { checkDefinitionsInFlight, checkStepsCanBeUndone } from './doctor/check-definitions.js';
import { checkDisk } from './doctor/check-disk.js';
import { checkClock, checkMigrations } from './doctor/check-database.js';
import { examined } from './doctor/examined.js';

/** What only a process beside the servers can find out. */
@ForOperators()
@Controller('operations/doctor')
export class DoctorController {
  constructor(
    private readonly environment: OrchestratorEnvironment,
    private readonly database: AskedDatabase,
    private readonly sagas: Sagas,
  ) {}

  /** Examines broker, database, definitions and disk. Changes nothing, but for bindings, which are made again. */
  @Get()
  @ApiOperation({ operationId: 'examineSystem', summary: 'Examine broker, database, definitions and disk' })
  @ApiOkResponse({ type: DoctorResponse })
  async examine(): Promise<DoctorResponse> {
    const { AMQP_URL: url, CLEW_NAMESPACE: namespace } = this.environment;
    const { database } = this;
    const found = await Promise.all([
      examined('broker', () => checkBroker(url, { namespace, ...this.sagas.routes })),
      examined('migrations', () => checkMigrations(database)),
      examined('database clock', () => checkClock(database)),
      examined('definitions', () => checkDefinitionsInFlight(database, sagaDefinitions)),
      examined('compensations', async () => [checkStepsCanBeUndone(sagaDefinitions)]),
      examined('disk', async () => [await checkDisk(process.cwd())]),
    ]);
    return { checks: found.flat() };
  }
}
