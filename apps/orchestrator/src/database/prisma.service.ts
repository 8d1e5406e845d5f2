import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { prismaOptions } from '@clew/service';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { PrismaClient } from './client/client.js';

/** The database of this service. Connects when first used. */
@Injectable()
export class PrismaService extends PrismaClient implements OnApplicationShutdown {
  constructor(environment: OrchestratorEnvironment) {
    const logger = new Logger('Database');
    super(
      prismaOptions('orchestrator', environment, (error) => logger.warn(`Connection lost: ${error.message}`)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
  }
}
