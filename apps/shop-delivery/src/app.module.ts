import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule } from '@clew/participant';
import { rabbitmq } from '@clew/rabbitmq';
import { AuditModule, EnvironmentModule, HealthModule } from '@clew/service';
import { books } from './audit/books.js';
import { BookCollectionHandler } from './collections/book-collection.handler.js';
import { CancelCollectionHandler } from './collections/cancel-collection.handler.js';
import { ArrangeDeliveryHandler } from './deliveries/arrange-delivery.handler.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { DatabaseModule } from './database/database.module.js';
import { PrismaService } from './database/prisma.service.js';
import { ShopDeliveryEnvironment } from './shop-delivery-environment.js';

const participant = ParticipantModule.forRootAsync({
  inject: [ShopDeliveryEnvironment, PrismaService],
  useFactory: (environment: ShopDeliveryEnvironment, database: PrismaService) => ({
    name: 'shop-delivery',
    broker: rabbitmq({ url: environment.AMQP_URL, namespace: environment.CLEW_NAMESPACE }),
    database,
    outboxLeaseMs: environment.CLEW_OUTBOX_LEASE_MS,
  }),
});

@Module({
  imports: [
    EnvironmentModule.forRoot(ShopDeliveryEnvironment),
    DatabaseModule,
    participant,
    AuditModule.forRoot({ service: 'shop-delivery', books, database: PrismaService }),
    HealthModule.forRootAsync({
      imports: [participant],
      inject: [PrismaService, ParticipantHealth],
      useFactory: (database: PrismaService, health: ParticipantHealth) => ({
        database: () => database.$queryRaw`SELECT 1`,
        broker: () => health.ready(),
      }),
    }),
  ],
  controllers: [ArrangeDeliveryHandler, BookCollectionHandler, CancelCollectionHandler, DeliveriesController],
})
export class AppModule {}
