import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule } from '@clew/participant';
import { rabbitmq } from '@clew/rabbitmq';
import { EnvironmentModule, HealthModule } from '@clew/service';
import { AvailabilityController } from './availability/availability.controller.js';
import { DatabaseModule } from './database/database.module.js';
import { PrismaService } from './database/prisma.service.js';
import { FlightsEnvironment } from './flights-environment.js';
import { CancelFlightHandler } from './reservations/cancel-flight.handler.js';
import { ReservationsController } from './reservations/reservations.controller.js';
import { ReserveFlightHandler } from './reservations/reserve-flight.handler.js';

const participant = ParticipantModule.forRootAsync({
  inject: [FlightsEnvironment, PrismaService],
  useFactory: (environment: FlightsEnvironment, database: PrismaService) => ({
    name: 'flights',
    broker: rabbitmq({ url: environment.AMQP_URL, namespace: environment.CLEW_NAMESPACE }),
    database,
    outboxLeaseMs: environment.CLEW_OUTBOX_LEASE_MS,
  }),
});

@Module({
  imports: [
    EnvironmentModule.forRoot(FlightsEnvironment),
    DatabaseModule,
    participant,
    HealthModule.forRootAsync({
      imports: [participant],
      inject: [PrismaService, ParticipantHealth],
      useFactory: (database: PrismaService, health: ParticipantHealth) => ({
        database: () => database.$queryRaw`SELECT 1`,
        broker: () => health.ready(),
      }),
    }),
  ],
  controllers: [ReserveFlightHandler, CancelFlightHandler, ReservationsController, AvailabilityController],
})
export class AppModule {}
