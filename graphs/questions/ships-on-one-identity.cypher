// Identities under which several ships sent
//
// meaning: Ships whose radio identity was used by another at the same time, told apart by their tracks, with the calls of each.
// data: ships
// parameter: since | year | 1900 | First year in which the ship was heard
// parameter: until | year | 2199 | Last year in which the ship was heard
// parameter: limit | whole | 50 | Rows at most
// derived: first_day | {since}-01-01
// derived: last_day | {until}-12-31
// key: ship
// column: ship | text | Identifier of the ship's track: radio identity (MMSI), colon, number of the track
// column: ship_name | text? | Name that it sent
// column: kind | text | What ship it is
// column: length_m | number? | Length, metres
// column: first_seen | text | Day of its first report
// column: last_seen | text | Day of its last report
// column: calls | whole | Calls that were heard
// column: ports | whole | Ports of these calls
// caveat: An identity is typed in by hand, and wrong or left from the yard on many ships: most doubles are mistakes.
// caveat: Tracks are told apart by speeds that no ship reaches; two ships near each other may be mixed up.

MATCH (v:Vessel)
WHERE v.is_split = true AND v.first_seen <= $last_day AND v.last_seen >= $first_day
OPTIONAL MATCH (v)-[x:CALLED_AT]->(p:Port)
WITH v, count(x.edge_id) AS calls, count(DISTINCT p.place_id) AS ports
RETURN v.track_id AS ship, v.name AS ship_name, v.kind AS kind, v.length_m AS length_m,
  v.first_seen AS first_seen, v.last_seen AS last_seen, calls, ports
ORDER BY ship
LIMIT $limit
