-- What a run has come to: sagas that ended, and reservations that are held or were given back.
SELECT
  (SELECT count(*) FROM orchestrator.saga WHERE stage IN ('COMPLETED', 'COMPENSATED'))::int AS ended,
  count(*) FILTER (WHERE status = 'RESERVED')::int AS reserved,
  count(*) FILTER (WHERE status = 'CANCELLED')::int AS cancelled
FROM (
  SELECT status FROM flight.reservation
  UNION ALL SELECT status FROM hotel.reservation
  UNION ALL SELECT status FROM car.reservation
) AS reservation
