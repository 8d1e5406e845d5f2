-- Four services in one database, each with a schema of its own.

CREATE SCHEMA orchestrator;
CREATE TABLE orchestrator.saga (
  id uuid PRIMARY KEY,
  stage text NOT NULL,
  trip jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
) WITH (fillfactor = 60);
CREATE TABLE orchestrator.inbox (id uuid PRIMARY KEY, received_at timestamptz(3) NOT NULL DEFAULT now());
CREATE TABLE orchestrator.outbox (
  id uuid PRIMARY KEY,
  saga_id uuid NOT NULL,
  queue text NOT NULL,
  type text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  published_at timestamptz(3)
);
CREATE INDEX ON orchestrator.outbox (id) WHERE published_at IS NULL;

CREATE SCHEMA flight;
CREATE TABLE flight.reservation (
  saga_id uuid PRIMARY KEY,
  status text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE TABLE flight.inbox (id uuid PRIMARY KEY, received_at timestamptz(3) NOT NULL DEFAULT now());
CREATE TABLE flight.outbox (
  id uuid PRIMARY KEY,
  saga_id uuid NOT NULL,
  queue text NOT NULL,
  type text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  published_at timestamptz(3)
);
CREATE INDEX ON flight.outbox (id) WHERE published_at IS NULL;

CREATE SCHEMA hotel;
CREATE TABLE hotel.reservation (
  saga_id uuid PRIMARY KEY,
  status text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE TABLE hotel.inbox (id uuid PRIMARY KEY, received_at timestamptz(3) NOT NULL DEFAULT now());
CREATE TABLE hotel.outbox (
  id uuid PRIMARY KEY,
  saga_id uuid NOT NULL,
  queue text NOT NULL,
  type text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  published_at timestamptz(3)
);
CREATE INDEX ON hotel.outbox (id) WHERE published_at IS NULL;

CREATE SCHEMA car;
CREATE TABLE car.reservation (
  saga_id uuid PRIMARY KEY,
  status text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE TABLE car.inbox (id uuid PRIMARY KEY, received_at timestamptz(3) NOT NULL DEFAULT now());
CREATE TABLE car.outbox (
  id uuid PRIMARY KEY,
  saga_id uuid NOT NULL,
  queue text NOT NULL,
  type text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  published_at timestamptz(3)
);
CREATE INDEX ON car.outbox (id) WHERE published_at IS NULL;
