/**
 * A process of handlers: `node service.mjs <which>`. `alone` has the trip and its steps in one; `trip` calls flight, hotel
 * and car, each a process of its own, through Restate.
 */
import './with-resolvers.mjs';
import { serve as serveRestate, service } from '@restatedev/restate-sdk';
import { serve } from '../kit/serve.mjs';
import { bookTrip, cancel, reserve } from './reservations.mjs';

const [, , own] = process.argv;
const actions = { reserve, cancel };

const trip = (act) =>
  service({ name: 'trip', handlers: { book: (context, request) => bookTrip(act(context, request)) } });

const SERVICES = {
  alone: () =>
    trip(
      (context, request) => (action, step) =>
        context.run(`${action} ${step}`, () => actions[action](step, request)),
    ),
  trip: () =>
    trip((context, request) => (action, step) => context.serviceClient({ name: step })[action](request)),
};

/** Its writes may be repeated, so that they need no journal. */
const participant = (step) =>
  service({
    name: step,
    handlers: {
      reserve: (_context, request) => reserve(step, request),
      cancel: (_context, request) => cancel(step, request),
    },
  });

const port = await serveRestate({
  services: [SERVICES[own]?.() ?? participant(own)],
  port: 0,
  logger: ({ level }, ...words) => {
    if (level === 'error') console.error(...words);
  },
});
const registered = await fetch(`${process.env.PEER_RESTATE_ADMIN_URL}/deployments`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ uri: `http://127.0.0.1:${port}/` }),
});
if (!registered.ok) throw new Error(`Restate refused ${own}: ${await registered.text()}`);
serve();
