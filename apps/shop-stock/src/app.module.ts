import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule } from '@clew/participant';
import { rabbitmq } from '@clew/rabbitmq';
import { AuditModule, EnvironmentModule, HealthModule } from '@clew/service';
import { books } from './audit/books.js';
import { UnwrapGiftHandler } from './gift-wrap/unwrap-gift.handler.js';
import { WrapGiftHandler } from './gift-wrap/wrap-gift.handler.js';
import { WrappingPaperController } from './gift-wrap/wrapping-paper.controller.js';
import { HoldsController } from './holds/holds.controller.js';
import { ReleaseStockHandler } from './holds/release-stock.handler.js';
import { ReserveStockHandler } from './holds/reserve-stock.handler.js';
import { RestockGoodsHandler } from './holds/restock-goods.handler.js';
import { StockController } from './stock/stock.controller.js';
import { DatabaseModule } from './database/database.module.js';
import { PrismaService } from './database/prisma.service.js';
import { ShopStockEnvironment } from './shop-stock-environment.js';

const participant = ParticipantModule.forRootAsync({
  inject: [ShopStockEnvironment, PrismaService],
  useFactory: (environment: ShopStockEnvironment, database: PrismaService) => ({
    name: 'shop-stock',
    broker: rabbitmq({ url: environment.AMQP_URL, namespace: environment.CLEW_NAMESPACE }),
    database,
    outboxLeaseMs: environment.CLEW_OUTBOX_LEASE_MS,
  }),
});

@Module({
  imports: [
    EnvironmentModule.forRoot(ShopStockEnvironment),
    DatabaseModule,
    participant,
    AuditModule.forRoot({ service: 'shop-stock', books, database: PrismaService }),
    HealthModule.forRootAsync({
      imports: [participant],
      inject: [PrismaService, ParticipantHealth],
      useFactory: (database: PrismaService, health: ParticipantHealth) => ({
        database: () => database.$queryRaw`SELECT 1`,
        broker: () => health.ready(),
      }),
    }),
  ],
  controllers: [
    ReserveStockHandler,
    ReleaseStockHandler,
    RestockGoodsHandler,
    WrapGiftHandler,
    UnwrapGiftHandler,
    StockController,
    HoldsController,
    WrappingPaperController,
  ],
})
export class AppModule {}
