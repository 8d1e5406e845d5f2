export { stopInfrastructure as default } from './run-infrastructure.mjs';
