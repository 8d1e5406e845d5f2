import { runService } from '@clew/service';
import { AppModule } from './app.module.js';
import { OrchestratorEnvironment } from './orchestrator-environment.js';

await runService(AppModule, {
  name: 'orchestrator',
  title: 'Clew trips and orders',
  environment: OrchestratorEnvironment,
});
