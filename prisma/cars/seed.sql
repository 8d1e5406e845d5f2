-- 60 cars a day of each class at each location, and no limousine anywhere; 730 days from 2027-01-01.
INSERT INTO car_inventory (location, car_class, day, capacity)
SELECT location, car_class, day, CASE car_class WHEN 'limousine' THEN 0 ELSE 60 END
FROM unnest(ARRAY['AMS', 'BER', 'CDG', 'IST', 'JFK', 'LHR', 'MAD', 'SVO', 'TBS', 'YYZ']) AS location,
unnest(ARRAY['compact', 'estate', 'van', 'limousine']) AS car_class,
generate_series(date '2027-01-01', date '2027-01-01' + 729, interval '1 day') AS day
ON CONFLICT DO NOTHING;
