import { connectParticipant } from '@clew/participant';
import { runService } from '@clew/service';
import { AppModule } from './app.module.js';
import { HotelsEnvironment } from './hotels-environment.js';

await runService(AppModule, {
  name: 'hotels',
  title: 'Clew hotels',
  environment: HotelsEnvironment,
  connect: connectParticipant,
});
