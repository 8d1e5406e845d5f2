import { connectParticipant } from '@clew/participant';
import { runService } from '@clew/service';
import { AppModule } from './app.module.js';
import { CarsEnvironment } from './cars-environment.js';

await runService(AppModule, {
  name: 'cars',
  title: 'Clew cars',
  environment: CarsEnvironment,
  connect: connectParticipant,
});
