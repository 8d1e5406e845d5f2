-- What the steps write.
CREATE TABLE reservation (
  saga_id uuid NOT NULL,
  step text NOT NULL,
  status text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (saga_id, step)
);
