import { Module } from '@nestjs/common';
import { rabbitmq } from '@clew/rabbitmq';
import { SagaModule, Sagas } from '@clew/saga';
import { EnvironmentModule, HealthModule, policiesFrom } from '@clew/service';
import { BatchesController } from './operations/batches.controller.js';
import { DefinitionsController } from './operations/definitions.controller.js';
import { LagController } from './operations/lag.controller.js';
import { OperatorLog } from './operations/operator-log.js';
import { OperatorLogController } from './operations/operator-log.controller.js';
import { QueueStates } from './operations/queue-states.js';
import { SagaOperations } from './operations/saga-operations.js';
import { SagaWaits } from './operations/saga-waits.js';
import { DeadLettersController } from './operations/dead-letters.controller.js';
import { DoctorController } from './operations/doctor.controller.js';
import { OperationsController } from './operations/operations.controller.js';
import { SystemController } from './operations/system.controller.js';
import { BookingsController } from './bookings/bookings.controller.js';
import { DatabaseModule } from './database/database.module.js';
import { PrismaService } from './database/prisma.service.js';
import { FollowUpsController } from './orders/follow-ups.controller.js';
import { OrdersController } from './orders/orders.controller.js';
import { OrchestratorEnvironment } from './orchestrator-environment.js';
import { SagaEvents } from './saga-view/saga-events.js';
import { SagaStarter } from './starting/saga-starter.js';
import { choreographedSagas, sagaDefinitions } from './saga-definitions.js';

const sagas = SagaModule.forRootAsync({
  definitions: sagaDefinitions,
  inject: [OrchestratorEnvironment, PrismaService],
  useFactory: (environment: OrchestratorEnvironment, database: PrismaService) => ({
    name: 'orchestrator',
    broker: rabbitmq({ url: environment.AMQP_URL, namespace: environment.CLEW_NAMESPACE }),
    database,
    policies: policiesFrom(environment),
    choreographed: choreographedSagas,
    senders: environment.CLEW_PARTICIPANT_USERS,
    outboxLeaseMs: environment.CLEW_OUTBOX_LEASE_MS,
    mostInOutbox: environment.CLEW_OUTBOX_LIMIT,
    retentionMs: environment.CLEW_SAGA_RETENTION_HOURS * 3_600_000,
  }),
});

@Module({
  imports: [
    EnvironmentModule.forRoot(OrchestratorEnvironment),
    DatabaseModule,
    sagas,
    HealthModule.forRootAsync({
      imports: [sagas],
      inject: [PrismaService, Sagas],
      useFactory: (database: PrismaService, sagas: Sagas) => ({
        database: () => database.$queryRaw`SELECT 1`,
        broker: () => sagas.ready,
      }),
    }),
  ],
  providers: [SagaStarter, SagaEvents, OperatorLog, QueueStates, SagaOperations, SagaWaits],
  controllers: [
    BookingsController,
    OrdersController,
    FollowUpsController,
    OperationsController,
    BatchesController,
    DefinitionsController,
    LagController,
    OperatorLogController,
    DeadLettersController,
    DoctorController,
    SystemController,
  ],
})
export class AppModule {}
