-- The floor: every service's tables in one database, as few columns and indexes as its promises need.
CREATE TABLE saga (
  id uuid PRIMARY KEY,
  stage text NOT NULL,
  trip jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 60);
CREATE TABLE inbox (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE orchestrator_outbox (id uuid PRIMARY KEY, saga_id uuid NOT NULL, type text NOT NULL, body jsonb NOT NULL);

CREATE TABLE flight_inbox (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE flight_reservation (saga_id uuid PRIMARY KEY, status text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE flight_outbox (id uuid PRIMARY KEY, saga_id uuid NOT NULL, type text NOT NULL, body jsonb NOT NULL);

CREATE TABLE hotel_inbox (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE hotel_reservation (saga_id uuid PRIMARY KEY, status text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE hotel_outbox (id uuid PRIMARY KEY, saga_id uuid NOT NULL, type text NOT NULL, body jsonb NOT NULL);

CREATE TABLE car_inbox (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE car_reservation (saga_id uuid PRIMARY KEY, status text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE car_outbox (id uuid PRIMARY KEY, saga_id uuid NOT NULL, type text NOT NULL, body jsonb NOT NULL);
