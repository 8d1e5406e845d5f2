import { Controller, Get, HttpException, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
} from '@nestjs/terminus';
import { HEALTH_CHECKS, type HealthChecks } from './health-checks.js';
import { Readiness } from './readiness.js';

/** Milliseconds after which a database that doesn't answer counts as away. */
const PATIENCE_MS = 2_000;

interface Response {
  status(code: number): unknown;
}

/** For whoever starts, watches and balances the service. 503 means no; the body says what is missing. */
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly readiness: Readiness,
    @Inject(HEALTH_CHECKS) private readonly checks: HealthChecks,
  ) {}

  /** The process answers. Says nothing about servers that it needs. */
  @Get('live')
  @ApiOperation({ operationId: 'checkLiveness', summary: 'Whether the process answers' })
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** The service can do its work now. */
  @Get('ready')
  @ApiOperation({ operationId: 'checkReadiness', summary: 'Whether the service can do its work' })
  @HealthCheck()
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const { database, broker } = this.checks;
    try {
      return await this.health.check([
        () =>
          this.indicator
            .check('database')
            .attempt(() => ping(database))
            .withTimeout(PATIENCE_MS),
        () => this.answer('broker', broker()),
        () => this.answer('accepting', this.readiness.wantsWork),
      ]);
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      response.status(error.getStatus());
      return error.getResponse() as HealthCheckResult;
    }
  }

  private answer(name: string, isUp: boolean) {
    const check = this.indicator.check(name);
    return isUp ? check.up() : check.down();
  }
}

/** Whether the database answers is all that anyone outside should learn: its errors name hosts and users. */
async function ping(database: HealthChecks['database']): Promise<void> {
  try {
    await database();
  } catch {
    throw new Error('does not answer');
  }
}
