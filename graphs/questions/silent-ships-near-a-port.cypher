// Ships that fell silent near a port
//
// meaning: Ships of which nobody heard for some hours after a report from near a port, with the ordinary reason that covers most of it.
// data: ships
// parameter: port | port | | Port, by name, UN/LOCODE or identifier
// parameter: min_hours | number | 12 | Shorter silences are left out, hours
// parameter: since | year | 1900 | First year
// parameter: until | year | 2199 | Last year
// parameter: limit | whole | 50 | Rows at most
// key: silence
// column: silence | text | Identifier of the event
// column: ship | text | Identifier of the ship's track
// column: ship_name | text? | Name that it sent
// column: kind | text | What ship it is
// column: began | text | Last report before, UTC
// column: hours | number | Until the next report, hours
// column: place_km | number? | Distance from the port or its anchorage, km
// column: main_cause | text? | Ordinary reason that covers most of it; null where none was found possible
// column: confidence | number | 1 minus what ordinary reasons could explain
// caveat: Most silences are a matter of reception: stations fail, ships leave their reach, satellites pass rarely.
// caveat: A silence tells nothing of what a ship did.

MATCH (v:Vessel)-[s:SILENT_NEAR]->(p:Port)
WHERE p.place_id = $port AND s.hours >= $min_hours AND s.year >= $since AND s.year <= $until
RETURN s.edge_id AS silence, v.track_id AS ship, v.name AS ship_name, v.kind AS kind, s.began AS began,
  s.hours AS hours, s.place_km AS place_km, s.main_cause AS main_cause, s.confidence AS confidence
ORDER BY hours DESC, silence
LIMIT $limit
