import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { prismaOptions } from '@clew/service';
import { ShopDeliveryEnvironment } from '../shop-delivery-environment.js';
import { PrismaClient } from './client/client.js';

/** The database of this service. Connects when first used. */
@Injectable()
export class PrismaService extends PrismaClient implements OnApplicationShutdown {
  constructor(environment: ShopDeliveryEnvironment) {
    const logger = new Logger('Database');
    super(
      prismaOptions('shop-delivery', environment, (error) =>
        logger.warn(`Connection lost: ${error.message}`),
      ),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
  }
}
