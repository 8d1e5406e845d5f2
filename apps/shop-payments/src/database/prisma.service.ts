import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { prismaOptions } from '@clew/service';
import { ShopPaymentsEnvironment } from '../shop-payments-environment.js';
import { PrismaClient } from './client/client.js';

/** The database of this service. Connects when first used. */
@Injectable()
export class PrismaService extends PrismaClient implements OnApplicationShutdown {
  constructor(environment: ShopPaymentsEnvironment) {
    const logger = new Logger('Database');
    super(
      prismaOptions('shop-payments', environment, (error) =>
        logger.warn(`Connection lost: ${error.message}`),
      ),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
  }
}
