import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule } from '@clew/participant';
import { rabbitmq } from '@clew/rabbitmq';
import { AuditModule, EnvironmentModule, HealthModule } from '@clew/service';
import { books } from './audit/books.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { AuthorisePaymentHandler } from './payments/authorise-payment.handler.js';
import { CapturePaymentHandler } from './payments/capture-payment.handler.js';
import { PaymentsController } from './payments/payments.controller.js';
import { RefundPaymentHandler } from './payments/refund-payment.handler.js';
import { VoidPaymentHandler } from './payments/void-payment.handler.js';
import { DatabaseModule } from './database/database.module.js';
import { PrismaService } from './database/prisma.service.js';
import { ShopPaymentsEnvironment } from './shop-payments-environment.js';

const participant = ParticipantModule.forRootAsync({
  inject: [ShopPaymentsEnvironment, PrismaService],
  useFactory: (environment: ShopPaymentsEnvironment, database: PrismaService) => ({
    name: 'shop-payments',
    broker: rabbitmq({ url: environment.AMQP_URL, namespace: environment.CLEW_NAMESPACE }),
    database,
    outboxLeaseMs: environment.CLEW_OUTBOX_LEASE_MS,
  }),
});

@Module({
  imports: [
    EnvironmentModule.forRoot(ShopPaymentsEnvironment),
    DatabaseModule,
    participant,
    AuditModule.forRoot({ service: 'shop-payments', books, database: PrismaService }),
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
    AuthorisePaymentHandler,
    VoidPaymentHandler,
    CapturePaymentHandler,
    RefundPaymentHandler,
    AccountsController,
    PaymentsController,
  ],
})
export class AppModule {}
