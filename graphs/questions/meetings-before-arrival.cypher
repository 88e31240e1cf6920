// Meetings of ships before they arrived in a country
//
// meaning: Ships that lay beside another at sea within some days before a call in a country, with both ships.
// data: ships
// parameter: country | area | | Country of the call after the meeting
// parameter: most_days | whole | 14 | Days between meeting and arrival at most
// parameter: since | year | 1900 | First year of the meeting
// parameter: until | year | 2199 | Last year of the meeting
// parameter: limit | whole | 50 | Rows at most
// key: meeting, call_after
// column: meeting | text | Identifier of the meeting
// column: began | text | When it began, UTC
// column: hours | number | How long it lasted, hours
// column: other | text | Identifier of the other ship's track
// column: other_kind | text | What ship the other is
// column: ship | text | Identifier of the track of the ship that arrived
// column: kind | text | What ship it is
// column: port | text | Name of the port where it arrived
// column: days | whole | Days between meeting and arrival
// column: call_after | text | Identifier of the call
// caveat: Two ships beside each other at sea are ordinary: fuel, stores, crews and pilots change over so.
// caveat: Only calls and meetings that were heard are here.

MATCH (w:Vessel)-[m:MET]->(v:Vessel)-[y:CALLED_AT]->(p:Port)
WHERE p.country = $country AND m.year >= $since AND m.year <= $until
  AND y.arrived_day >= m.began_day AND y.arrived_day - m.began_day <= $most_days
RETURN m.event_id AS meeting, m.began AS began, m.hours AS hours, w.track_id AS other, w.kind AS other_kind,
  v.track_id AS ship, v.kind AS kind, p.name AS port, y.arrived_day - m.began_day AS days, y.edge_id AS call_after
ORDER BY began, meeting, call_after
LIMIT $limit
