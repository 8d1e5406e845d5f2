import { Global, Module } from '@nestjs/common';
import { AskedDatabase } from './asked-database.js';
import { PrismaService } from './prisma.service.js';

@Global()
@Module({
  providers: [
    PrismaService,
    {
      provide: AskedDatabase,
      inject: [PrismaService],
      useFactory: (database: PrismaService) => AskedDatabase.of(database),
    },
  ],
  exports: [PrismaService, AskedDatabase],
})
export class DatabaseModule {}
