// Meetings of ships between the ports of two countries
//
// meaning: Meetings at sea of a ship that had called in one country and a ship that then called in the other.
// data: ships
// parameter: first | area | | Country of the call before the meeting
// parameter: second | area | | Country of the other ship's call after the meeting
// parameter: most_days | whole | 30 | Days between call and meeting at most, before and after
// parameter: since | year | 1900 | First year of the meeting
// parameter: until | year | 2199 | Last year of the meeting
// parameter: limit | whole | 50 | Rows at most
// key: meeting, call_before, call_after
// column: meeting | text | Identifier of the meeting
// column: began | text | When it began, UTC
// column: hours | number | How long it lasted, hours
// column: lon | number? | Where, degrees east
// column: lat | number? | Where, degrees north
// column: ship_before | text | Ship that had called in the first country
// column: port_before | text | Name of that port
// column: ship_after | text | Ship that then called in the second
// column: port_after | text | Name of that port
// column: call_before | text | Identifier of the call before
// column: call_after | text | Identifier of the call after
// column: confidence | number | How sure it is that they met, 0 to 1
// caveat: Two ships beside each other at sea are ordinary: fuel, stores, crews and pilots change over so.
// caveat: Ask for both orders of the two countries: goods may go either way.
// caveat: Only calls and meetings that were heard are here.

MATCH (v:Vessel)-[x:CALLED_AT]->(a:Port)
WHERE a.country = $first
WITH v.track_id AS ship_before, a.name AS port_before, x.edge_id AS call_before, x.departed_day AS gone
MATCH (u:Vessel)-[m:MET]->(w:Vessel)
WHERE u.track_id = ship_before AND m.year >= $since AND m.year <= $until
  AND m.began_day >= gone AND m.began_day - gone <= $most_days
WITH ship_before, port_before, call_before, w.track_id AS ship_after, m.event_id AS meeting, m.began AS began,
  m.began_day AS met_day, m.hours AS hours, m.lon AS lon, m.lat AS lat, m.confidence AS confidence
MATCH (t:Vessel)-[y:CALLED_AT]->(b:Port)
WHERE t.track_id = ship_after AND b.country = $second AND y.arrived_day >= met_day
  AND y.arrived_day - met_day <= $most_days
RETURN meeting, began, hours, lon, lat, ship_before, port_before, ship_after, b.name AS port_after, call_before,
  y.edge_id AS call_after, confidence
ORDER BY began, meeting, call_before, call_after
LIMIT $limit
