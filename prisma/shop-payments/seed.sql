-- Three customers with ample credit; one with none; and one who has credit, but whose payments aren't captured.
INSERT INTO account (customer_id, credit_limit_cents, frozen)
VALUES
  ('ada', 1000000000, false),
  ('grace', 1000000000, false),
  ('linus', 1000000000, false),
  ('poor-joe', 0, false),
  ('frozen-fred', 1000000000, true)
ON CONFLICT DO NOTHING;
