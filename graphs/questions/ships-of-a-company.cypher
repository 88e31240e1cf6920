// Ships that carried a company's goods
//
// meaning: Ships named on the bills of a company, as shipper or as consignee, with the calls that were heard of them.
// data: companies
// parameter: company | company | | Company, by name or identifier
// parameter: limit | whole | 50 | Rows at most
// key: ship, role
// column: ship | text | Identifier of the ship's track
// column: ship_name | text? | Name that it sent
// column: kind | text | What ship it is
// column: flag | text? | Country whose digits its identity begins with
// column: role | text | shipper or consignee
// column: shipments | whole | Bills
// column: first_bill | text? | First day of such a bill; null where none has a day
// column: last_bill | text? | Last day of such a bill
// column: calls | whole | Calls of the ship that were heard, of all its time
// column: ports | whole | Ports of these calls
// caveat: A ship carries the goods of many: to stand on one bill with it ties nobody to anybody.
// caveat: Only ships whose IMO number stands on the bill and was heard are found.

MATCH (c:Company)-[s:SHIPPED_ON]->(v:Vessel)
WHERE c.company_id = $company
WITH v.track_id AS ship, v.name AS ship_name, v.kind AS kind, v.flag AS flag, s.role AS role,
  s.shipments AS shipments, s.first_bill AS first_bill, s.last_bill AS last_bill
OPTIONAL MATCH (w:Vessel)-[x:CALLED_AT]->(p:Port)
WHERE w.track_id = ship
WITH ship, ship_name, kind, flag, role, shipments, first_bill, last_bill, count(x.edge_id) AS calls,
  count(DISTINCT p.place_id) AS ports
RETURN ship, ship_name, kind, flag, role, shipments, first_bill, last_bill, calls, ports
ORDER BY shipments DESC, ship, role
LIMIT $limit
