import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { prismaOptions } from '@clew/service';
import { ShopStockEnvironment } from '../shop-stock-environment.js';
import { PrismaClient } from './client/client.js';

/** The database of this service. Connects when first used. */
@Injectable()
export class PrismaService extends PrismaClient implements OnApplicationShutdown {
  constructor(environment: ShopStockEnvironment) {
    const logger = new Logger('Database');
    super(
      prismaOptions('shop-stock', environment, (error) => logger.warn(`Connection lost: ${error.message}`)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
  }
}
