import { connectParticipant } from '@clew/participant';
import { runService } from '@clew/service';
import { AppModule } from './app.module.js';
import { FlightsEnvironment } from './flights-environment.js';

await runService(AppModule, {
  name: 'flights',
  title: 'Clew flights',
  environment: FlightsEnvironment,
  connect: connectParticipant,
});
