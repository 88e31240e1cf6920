// Ships that called at one port and then at another
//
// meaning: Calls of ships at one port that were followed by a call at the other within a number of days.
// data: ships
// parameter: port_from | port | | Port of the first call
// parameter: port_to | port | | Port of the second call
// parameter: most_days | whole | 60 | Days between departure and arrival at most
// parameter: since | year | 1900 | First year of the second call
// parameter: until | year | 2199 | Last year of the second call
// parameter: limit | whole | 50 | Rows at most
// key: first_call, second_call
// column: ship | text | Identifier of the ship's track
// column: ship_name | text? | Name that it sent
// column: kind | text | What ship it is
// column: departed | text | Last report at the first port, UTC
// column: arrived | text | First report at rest in the second port, UTC
// column: days | whole | Days between both
// column: draught_out_m | number? | Draught sent after the first call, metres
// column: draught_in_m | number? | Draught sent on arrival at the second port, metres
// column: first_call | text | Identifier of the first call
// column: second_call | text | Identifier of the second call
// caveat: The ship may have called elsewhere in between, where it was heard or where it was not.
// caveat: A ship that nobody heard may have sailed all the same: no row is no finding.
// caveat: The crew sets the draught by hand, and may forget to.

MATCH (a:Port)<-[x:CALLED_AT]-(v:Vessel)-[y:CALLED_AT]->(b:Port)
WHERE a.place_id = $port_from AND b.place_id = $port_to AND x.edge_id <> y.edge_id
  AND y.arrived_day >= x.departed_day AND y.arrived_day - x.departed_day <= $most_days
  AND y.arrived >= x.departed AND y.year >= $since AND y.year <= $until
RETURN v.track_id AS ship, v.name AS ship_name, v.kind AS kind, x.departed AS departed, y.arrived AS arrived,
  y.arrived_day - x.departed_day AS days, x.draught_out_m AS draught_out_m, y.draught_in_m AS draught_in_m,
  x.edge_id AS first_call, y.edge_id AS second_call
ORDER BY departed, ship, first_call, second_call
LIMIT $limit
