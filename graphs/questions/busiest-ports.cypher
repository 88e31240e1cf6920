// Ports with the most calls that were heard
//
// meaning: Calls of ships at ports and at the anchorages that belong to them, with the ships that made them.
// data: ships
// parameter: country | area | any | Country of the port; any for all
// parameter: since | year | 1900 | First year of arrival
// parameter: until | year | 2199 | Last year of arrival
// parameter: limit | whole | 50 | Rows at most
// key: port
// column: port | text | place_id of the port
// column: port_name | text | Its name
// column: country | text? | Its country
// column: calls | whole | Calls
// column: ships | whole | Ships that made them
// column: bulk_calls | whole | Calls of bulk carriers
// column: at_anchorage | whole | Calls at an anchorage only
// column: hours | number? | Time in port, hours, of all calls that ended; null where none did
// caveat: Ports differ in how well they are heard: few calls may mean few receivers.
// caveat: Tugs and fishing boats call most often of all: see `kind` of the ships.

MATCH (v:Vessel)-[x:CALLED_AT]->(p:Port)
WHERE ($country = "" OR p.country = $country) AND x.year >= $since AND x.year <= $until
WITH p.place_id AS port, p.name AS port_name, p.country AS country, count(*) AS calls,
  count(DISTINCT v.track_id) AS ships, count(CASE WHEN v.kind = "bulk_carrier" THEN 1 END) AS bulk_calls,
  count(CASE WHEN x.is_at_anchorage = true THEN 1 END) AS at_anchorage,
  CASE WHEN count(x.hours) > 0 THEN round(sum(x.hours), 3) END AS hours
RETURN port, port_name, country, calls, ships, bulk_calls, at_anchorage, hours
ORDER BY calls DESC, port
LIMIT $limit
