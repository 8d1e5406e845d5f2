-- What a run has come to: sagas that ended (the client has waited for the end of each), and reservations that are held or
-- were given back.
SELECT
  count(DISTINCT saga_id)::int AS ended,
  count(*) FILTER (WHERE status = 'RESERVED')::int AS reserved,
  count(*) FILTER (WHERE status = 'CANCELLED')::int AS cancelled
FROM reservation
